using System.Buffers;
using System.Text;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Headers;

namespace Postbell.Imap.Responses;

/// <summary>BODY[section]&lt;partial&gt; and its older names: the bytes as a literal, NIL when the message has no such section.</summary>
internal static class SectionResponse
{
    /// <summary>Writes the item; large ones leave in pieces as they are read.</summary>
    public static async Task WriteAsync(ImapConnection connection, FetchItem item, MessageContent content, CancellationToken ct)
    {
        var section = item.Section!;
        var range = MimeSection.Locate(content.Message.Structure, [.. section.Part], Part(section.Text));
        if (range is not { } where)
        {
            connection.Writer.Text(item.Name).Raw(" NIL"u8);
        }
        else if (section.Text is SectionText.HeaderFields or SectionText.HeaderFieldsNot)
        {
            var fields = await FilterAsync(section, content, where, ct);
            var (offset, length) = Cut(fields.Length, item.Partial);
            connection.Writer.Text(item.Name).Space().LiteralMark(length).Raw(fields.AsSpan((int)offset, (int)length));
        }
        else
        {
            var (offset, length) = Cut(where.Length, item.Partial);
            await StreamAsync(connection, item.Name, content, where.Start + offset, length, ct);
        }
    }

    private static (long Offset, long Length) Cut(long length, PartialRange? partial)
    {
        if (partial is not { } wanted)
        {
            return (0, length);
        }

        var offset = Math.Min(wanted.Offset, length);
        return (offset, Math.Min(wanted.Length, length - offset));
    }

    private static async Task StreamAsync(ImapConnection connection, string name, MessageContent content, long offset, long length, CancellationToken ct)
    {
        // The first piece is read before anything is promised, so that a damaged message can still be refused.
        var piece = length > 0 ? await content.ReadAsync(offset, length, ct) : default;
        connection.Writer.Text(name).Space().LiteralMark(length).Raw(piece.Span);
        for (var done = (long)piece.Length; done < length; done += piece.Length)
        {
            await connection.FlushIfManyAsync();
            piece = await ReadOnAsync(connection, content, offset + done, length - done, ct);
            connection.Writer.Raw(piece.Span);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadOnAsync(ImapConnection connection, MessageContent content, long offset, long length, CancellationToken ct)
    {
        try
        {
            var piece = await content.ReadAsync(offset, length, ct);
            return piece.Length > 0 ? piece : throw new MailboxException(MailboxFailure.BlobDamaged, "The message is shorter than it was.");
        }
        catch (MailboxException)
        {
            // The length is announced and cannot be kept: only a cut tells the client that this is not the message.
            connection.Abort();
            throw new SessionEndException(ReadOutcome.Closed);
        }
    }

    private static async Task<byte[]> FilterAsync(SectionSpec section, MessageContent content, MimeRange header, CancellationToken ct)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (bytes.WrittenCount < header.Length)
        {
            var piece = await content.ReadAsync(header.Start + bytes.WrittenCount, header.Length - bytes.WrittenCount, ct);
            if (piece.IsEmpty)
            {
                break;
            }

            bytes.Write(piece.Span);
        }

        return Filter(section, bytes.WrittenSpan);
    }

    private static byte[] Filter(SectionSpec section, ReadOnlySpan<byte> header)
    {
        var kept = new ArrayBufferWriter<byte>();
        foreach (var field in new HeaderReader(header))
        {
            var name = field.Name(header);
            var named = false;
            foreach (var wanted in section.Fields)
            {
                named |= name.Length == wanted.Length && Ascii.EqualsIgnoreCase(name, wanted);
            }

            if (named == (section.Text == SectionText.HeaderFields))
            {
                kept.Write(header[field.Start..field.End]);
            }
        }

        kept.Write("\r\n"u8);
        return kept.WrittenSpan.ToArray();
    }

    private static MimeSectionPart Part(SectionText text) => text switch
    {
        SectionText.Whole => MimeSectionPart.Whole,
        SectionText.Text => MimeSectionPart.Text,
        SectionText.Mime => MimeSectionPart.Mime,
        _ => MimeSectionPart.Header,
    };
}
