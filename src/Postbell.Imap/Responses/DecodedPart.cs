using System.Buffers;
using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Decoding;

namespace Postbell.Imap.Responses;

/// <summary>
/// The octets of a part with its transfer encoding undone. A small part is decoded once and kept; a large one is decoded twice, once for its length and once
/// for its octets, so that it is never held whole.
/// </summary>
internal sealed class DecodedPart(MessageContent content, MimeRange where, string encoding)
{
    private const long KeptBytes = 1024 * 1024;

    private ReadOnlyMemory<byte>? _kept;

    /// <summary>How many octets there are.</summary>
    /// <exception cref="MailboxException">The message is damaged or gone.</exception>
    public async Task<long> MeasureAsync(CancellationToken ct)
    {
        if (PieceDecoder.IsIdentity(encoding))
        {
            return where.Length;
        }

        var kept = where.Length <= KeptBytes ? new ArrayBufferWriter<byte>() : null;
        long length = 0;
        await foreach (var piece in DecodeAsync(ct))
        {
            kept?.Write(piece.Span);
            length += piece.Length;
        }

        _kept = kept?.WrittenMemory;
        return length;
    }

    /// <summary>Writes a range of the octets, which must have been measured.</summary>
    /// <exception cref="MailboxException">The message is damaged or gone.</exception>
    public async Task WriteAsync(ImapConnection connection, long offset, long length, CancellationToken ct)
    {
        if (_kept is { } kept)
        {
            connection.Writer.Raw(kept.Span.Slice((int)offset, (int)length));
            return;
        }

        var skipped = PieceDecoder.IsIdentity(encoding) ? offset : 0;
        var left = length;
        await foreach (var piece in DecodeAsync(ct, skipped))
        {
            if (left == 0)
            {
                return;
            }

            var from = (int)Math.Min(offset - skipped, piece.Length);
            var taken = (int)Math.Min(left, piece.Length - from);
            connection.Writer.Raw(piece.Span.Slice(from, taken));
            skipped += from;
            left -= taken;
            await connection.FlushIfManyAsync();
        }

        if (left > 0)
        {
            throw new MailboxException(MailboxFailure.BlobDamaged, "The message is shorter than it was.");
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> DecodeAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct, long from = 0)
    {
        var decoder = new PieceDecoder(encoding);
        var decoded = new ArrayBufferWriter<byte>();
        for (var done = from; done < where.Length;)
        {
            var piece = await content.ReadAsync(where.Start + done, where.Length - done, ct);
            if (piece.IsEmpty)
            {
                throw new MailboxException(MailboxFailure.BlobDamaged, "The message is shorter than it was.");
            }

            done += piece.Length;
            decoder.Decode(piece.Span, isLast: done >= where.Length, decoded);
            yield return decoded.WrittenMemory;
            decoded.ResetWrittenCount();
        }
    }
}
