using System.Buffers;
using System.Security.Cryptography;
using Postbell.Mailbox.Storage.Blobs;

namespace Postbell.Mailbox;

/// <summary>
/// A message that comes in piece by piece: a small one is held in memory, a large one goes into the file that becomes its blob, so that it never is in memory
/// whole. Disposal removes what was not stored. For one thread at a time.
/// </summary>
public sealed class MessageSpool : IBufferWriter<byte>, IDisposable
{
    /// <summary>Bytes held in memory at most.</summary>
    public const int MemoryBytes = 64 * 1024;

    private const int Piece = 16 * 1024;

    private readonly BlobFolder _blobs;
    private readonly long _most;
    private readonly int _inMemory;
    private readonly ArrayBufferWriter<byte> _memory = new();
    private byte[]? _piece;
    private IncrementalHash? _hash;
    private FileStream? _file;
    private MappedFile? _mapped;
    private string _name = "";
    private bool _handedOver;

    internal MessageSpool(BlobFolder blobs, long most, bool inMemory) => (_blobs, _most, _inMemory) = (blobs, most, inMemory ? MemoryBytes : 0);

    /// <summary>Bytes that came, also those that were not kept.</summary>
    public long Length { get; private set; }

    /// <summary>Why the message cannot be stored, once that is known: too large, or the disk. What comes after it is not kept.</summary>
    public MailboxException? Fault { get; private set; }

    /// <summary>Everything that came; of a large message the file as memory that the system pages in. Nothing more may come then. Valid until disposal.</summary>
    /// <exception cref="MailboxException">The <see cref="Fault"/>.</exception>
    public ReadOnlyMemory<byte> Content
    {
        get
        {
            if (Fault is { } fault)
            {
                throw fault;
            }

            return _file is null ? _memory.WrittenMemory : (_mapped ??= Map(_file)).Memory;
        }
    }

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0) => _piece = _piece?.Length >= Math.Max(1, sizeHint) ? _piece : new byte[Math.Max(Piece, sizeHint)];

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc />
    public void Advance(int count) => Keep(_piece.AsSpan(0, count));

    /// <summary>Adds bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => Keep(bytes);

    /// <inheritdoc />
    public void Dispose()
    {
        ((IDisposable?)_mapped)?.Dispose();
        Close(_file);
        _hash?.Dispose();
        if (_file is not null && !_handedOver)
        {
            _blobs.Delete(_name);
        }

        (_file, _mapped) = (null, null);
    }

    /// <summary>Makes the bytes durable as a blob.</summary>
    internal async Task<Blob> StoreAsync(CancellationToken ct)
    {
        if (_file is null)
        {
            return await _blobs.WriteAsync(Content, ct).ConfigureAwait(false);
        }

        var size = Content.Length;
        _handedOver = true;
        return await _blobs.AdoptAsync(_name, _hash!.GetHashAndReset(), size, ct).ConfigureAwait(false);
    }

    /// <summary>SHA-256 of what came, in hexadecimal capitals.</summary>
    /// <exception cref="MailboxException">The <see cref="Fault"/>.</exception>
    internal string ReadChecksum() => Convert.ToHexString(Fault is { } fault ? throw fault : _hash is null ? SHA256.HashData(_memory.WrittenSpan) : _hash.GetCurrentHash());

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (Fault is not null)
        {
            return;
        }

        if (Length > _most)
        {
            Fault = new MailboxException(MailboxFailure.MessageTooLarge, "The message is larger than the store takes.");
            return;
        }

        if (_file is null && Length <= _inMemory)
        {
            _memory.Write(bytes);
            return;
        }

        try
        {
            Spill();
            _hash!.AppendData(bytes);
            _file!.Write(bytes);
        }
        catch (MailboxException fault)
        {
            Fault = fault;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Fault = _blobs.Explain(fault);
        }
    }

    private void Spill()
    {
        if (_file is not null)
        {
            return;
        }

        (_name, _file) = _blobs.Begin();
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(_memory.WrittenSpan);
        _file.Write(_memory.WrittenSpan);
        _memory.ResetWrittenCount();
    }

    // Closing writes what is still held, and fails once more on a disk that is full.
    private static void Close(FileStream? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // The message was refused for it already.
            return;
        }
    }

    private MappedFile Map(FileStream file)
    {
        try
        {
            file.Flush();
            return new MappedFile(file, checked((int)Length));
        }
        catch (IOException fault)
        {
            throw Fault = _blobs.Explain(fault);
        }
    }
}
