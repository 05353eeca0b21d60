using Postbell.Mailbox;

namespace Postbell.Imap.Responses;

/// <summary>
/// The bytes of one message for the items of one FETCH. What is most of a small message is read whole, with its checksum, and kept for the
/// next item; anything else is read in ranges, so that a large message is never held whole. It is kept open between them: whoever began to read a message reads
/// it to its end, though another client removes it meanwhile (RFC 2180 section 4.1).
/// </summary>
internal sealed class MessageContent(MailboxView mailbox, StoredMessage message) : IDisposable
{
    /// <summary>Bytes read at a time from a large message.</summary>
    public const int RangeBytes = 128 * 1024;

    private const long WholeBytes = 1024 * 1024;

    private ReadOnlyMemory<byte>? _whole;
    private MessageBytes? _bytes;

    public StoredMessage Message => message;

    /// <summary>The first words.</summary>
    public Task<string> ReadPreviewAsync(CancellationToken ct) => mailbox.ReadPreviewAsync(message, ct);

    /// <summary>The start of a range, no longer than <see cref="RangeBytes"/> unless the message is small; the caller asks again for the rest.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long offset, long length, CancellationToken ct)
    {
        if (_whole is null && message.Size <= WholeBytes && length * 2 >= message.Size)
        {
            _whole = await mailbox.ReadContentAsync(message, ct);
        }

        if (_whole is { } whole)
        {
            return whole.Slice((int)offset, (int)length);
        }

        _bytes ??= await mailbox.OpenContentAsync(message, ct);
        return await _bytes.ReadAsync(offset, (int)Math.Min(length, RangeBytes), ct);
    }

    public void Dispose() => _bytes?.Dispose();
}
