using Microsoft.Win32.SafeHandles;
using Postbell.Mailbox.Storage.Blobs;

namespace Postbell.Mailbox;

/// <summary>The bytes of a message that is open: they can be read until it is disposed of, whatever becomes of the message.</summary>
public sealed class MessageBytes : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _name;

    internal MessageBytes(SafeFileHandle file, string name) => (_file, _name) = (file, name);

    /// <summary>A range of the bytes, cut at their end.</summary>
    /// <param name="offset">Octets before it.</param>
    /// <param name="length">Octets, at most.</param>
    /// <param name="ct">Gives up before the reading.</param>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(long offset, int length, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return await BlobFolder.ReadRangeAsync(_file, _name, offset, length, ct).ConfigureAwait(false);
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => _file.Dispose();
}
