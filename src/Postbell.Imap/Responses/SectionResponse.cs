using System.Buffers;
using System.Text;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Headers;

namespace Postbell.Imap.Responses;

/// <summary>
/// BODY[section]&lt;partial&gt; and its older names: the bytes as a literal, NIL when the message has no such section. It is opened, which reads
/// the first bytes, before the answer is begun, so that a damaged message can still be refused; then it is written.
/// </summary>
internal sealed class SectionResponse : IOpenedItem
{
    private readonly string _name;
    private readonly MessageContent _content;
    private long _offset;
    private long? _length;
    private ReadOnlyMemory<byte> _first;

    private SectionResponse(string name, MessageContent content)
    {
        _name = name;
        _content = content;
    }

    /// <summary>Finds the section and reads its first bytes.</summary>
    public static async Task<SectionResponse> OpenAsync(FetchItem item, MessageContent content, CancellationToken ct)
    {
        var response = new SectionResponse(item.Name, content);
        var section = item.Section!;
        if (MimeSection.Locate(content.Message.Structure, [.. section.Part], Part(section.Text)) is not { } where)
        {
            return response;
        }

        if (section.Text is SectionText.HeaderFields or SectionText.HeaderFieldsNot)
        {
            var fields = await FilterAsync(section, content, where, ct);
            var (offset, length) = IOpenedItem.Cut(fields.Length, item.Partial);
            response._length = length;
            response._first = fields.AsMemory((int)offset, (int)length);
        }
        else
        {
            var (offset, length) = IOpenedItem.Cut(where.Length, item.Partial);
            response._offset = where.Start + offset;
            response._length = length;
            response._first = length > 0 ? await content.ReadAsync(response._offset, length, ct) : default;
        }

        return response;
    }

    /// <inheritdoc/>
    public bool IsLeftOut => false;

    /// <summary>Writes the item; a large one leaves in pieces as it is read.</summary>
    public async Task WriteAsync(ImapConnection connection, CancellationToken ct)
    {
        connection.Writer.Text(_name).Space();
        if (_length is not { } length)
        {
            connection.Writer.Raw("NIL"u8);
            return;
        }

        connection.Writer.LiteralMark(length).Raw(_first.Span);
        for (long done = _first.Length; done < length;)
        {
            await connection.FlushIfManyAsync();
            var piece = await ReadOnAsync(connection, _content, _offset + done, length - done, ct);
            connection.Writer.Raw(piece.Span);
            done += piece.Length;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadOnAsync(
        ImapConnection connection, MessageContent content, long offset, long length, CancellationToken ct)
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
