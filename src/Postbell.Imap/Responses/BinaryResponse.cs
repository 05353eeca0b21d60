using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Decoding;

namespace Postbell.Imap.Responses;

/// <summary>
/// BINARY[part]&lt;partial&gt; and BINARY.SIZE[part] (RFC 3516): a part with its transfer encoding undone. The message itself, a multipart and a message inside
/// have none of their own, so they are given as they are. A part that is not there is NIL, of no size.
/// </summary>
internal sealed class BinaryResponse : IOpenedItem
{
    private readonly FetchItem _item;
    private DecodedPart? _part;
    private long _size;

    private BinaryResponse(FetchItem item) => _item = item;

    /// <inheritdoc/>
    public bool IsLeftOut { get; private init; }

    /// <summary>Finds the part and measures it.</summary>
    public static async Task<BinaryResponse> OpenAsync(FetchItem item, MessageContent content, CancellationToken ct)
    {
        int[] path = [.. item.Section!.Part];
        var structure = content.Message.Structure;
        if (MimeSection.Locate(structure, path, MimeSectionPart.Whole) is not { } where || MimeSection.FindPart(structure, path) is not { } entity)
        {
            return new BinaryResponse(item);
        }

        var encoding = path.Length == 0 || entity.IsMultipart || entity.IsMessage ? "binary" : entity.Encoding;
        if (!PieceDecoder.IsKnown(encoding))
        {
            return new BinaryResponse(item) { IsLeftOut = true };
        }

        var part = new DecodedPart(content, where, encoding);
        return new BinaryResponse(item) { _part = part, _size = await part.MeasureAsync(ct) };
    }

    /// <inheritdoc/>
    public async Task WriteAsync(ImapConnection connection, CancellationToken ct)
    {
        connection.Writer.Text(_item.Name).Space();
        if (_item.Kind == FetchKind.BinarySize)
        {
            connection.Writer.Number(_size);
        }
        else if (_part is null)
        {
            connection.Writer.Raw("NIL"u8);
        }
        else
        {
            var (offset, length) = IOpenedItem.Cut(_size, _item.Partial);
            connection.Writer.Raw("~"u8).LiteralMark(length);
            await WriteOctetsAsync(connection, _part, offset, length, ct);
        }
    }

    private static async Task WriteOctetsAsync(ImapConnection connection, DecodedPart part, long offset, long length, CancellationToken ct)
    {
        try
        {
            await part.WriteAsync(connection, offset, length, ct);
        }
        catch (MailboxException)
        {
            // The length is announced and cannot be kept: only a cut tells the client that this is not the part.
            connection.Abort();
            throw new SessionEndException(ReadOutcome.Closed);
        }
    }
}
