using System.Buffers;
using System.Security.Cryptography;

namespace Postbell.Smtp.Receiving;

/// <summary>
/// The bytes of one message as they come: in memory up to a limit, then in a file. What is put before them is asked for when the header
/// section is there.
/// </summary>
/// <param name="directory">Where the file lies.</param>
/// <param name="memoryBytes">How much is held in memory.</param>
/// <param name="maxBytes">Longest message.</param>
/// <param name="before">Gives the header fields to put before a message that begins so.</param>
internal sealed class IncomingMessage(string directory, int memoryBytes, int maxBytes, Func<ReadOnlyMemory<byte>, byte[]> before) : IBufferWriter<byte>, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _memory = new();
    private byte[]? _piece;
    private FileStream? _file;
    private MappedMessage? _mapped;
    private long _size;
    private int _prefix;

    /// <summary>Bytes that came.</summary>
    public long Size => _size;

    /// <summary>True when more came than is allowed; what is too much is not kept.</summary>
    public bool IsTooLarge => _size > maxBytes;

    /// <summary>What went wrong with the file, if anything; what comes after it is not kept.</summary>
    public IOException? Fault { get; private set; }

    public Memory<byte> GetMemory(int sizeHint = 0) => _piece = _piece?.Length >= sizeHint ? _piece : new byte[Math.Max(4096, sizeHint)];

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        _size += count;
        if (IsTooLarge || Fault is not null)
        {
            return;
        }

        var bytes = _piece.AsSpan(0, count);
        _hash.AppendData(bytes);
        if (_file is null && _memory.WrittenCount + count <= memoryBytes)
        {
            _memory.Write(bytes);
            return;
        }

        try
        {
            Spill();
            _file!.Write(bytes);
        }
        catch (IOException full)
        {
            Fault = full;
        }
    }

    /// <summary>The whole message with what stands before it; valid until disposal.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public ReadOnlyMemory<byte> Seal()
    {
        if (_file is null)
        {
            var head = before(_memory.WrittenMemory);
            return (byte[])[.. head, .. _memory.WrittenSpan];
        }

        _file.Flush();
        _mapped = new MappedMessage(_file.Name, checked(_prefix + (int)_size));
        return _mapped.Memory;
    }

    /// <summary>Names the content: equal for equal bytes of equal senders.</summary>
    public string Fingerprint(string sender)
    {
        _hash.AppendData(System.Text.Encoding.UTF8.GetBytes("\0" + sender));
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        (_mapped as IDisposable)?.Dispose();
        _hash.Dispose();
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // Closing writes what is still held, and fails once more on a disk that is full: the message was refused for it already.
            return;
        }
    }

    private void Spill()
    {
        if (_file is not null)
        {
            return;
        }

        var head = before(_memory.WrittenMemory);
        _prefix = head.Length;
        _file = new FileStream(
            Path.Combine(directory, Guid.NewGuid().ToString("N")),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.DeleteOnClose,
                BufferSize = 64 * 1024,
            });
        _file.Write(head);
        _file.Write(_memory.WrittenSpan);
        _memory.ResetWrittenCount();
    }
}
