using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Responses;

/// <summary>PREVIEW (RFC 8970): the first words of a message; empty where it has none, NIL where they are not known.</summary>
internal sealed class PreviewResponse(string? words) : IOpenedItem
{
    /// <inheritdoc/>
    public bool IsLeftOut => false;

    /// <summary>Takes the words the store keeps; those it does not keep are read from the message, unless the client would not wait.</summary>
    public static async Task<PreviewResponse> OpenAsync(FetchItem item, MessageContent content, CancellationToken ct)
    {
        if (content.Message.Preview is not null || item.Kind == FetchKind.LazyPreview)
        {
            return new PreviewResponse(content.Message.Preview);
        }

        try
        {
            return new PreviewResponse(await content.ReadPreviewAsync(ct));
        }
        catch (MailboxException damaged) when (damaged.Reason == MailboxFailure.BlobDamaged)
        {
            return new PreviewResponse(null);
        }
    }

    /// <inheritdoc/>
    public Task WriteAsync(ImapConnection connection, CancellationToken ct)
    {
        connection.Writer.Raw("PREVIEW "u8).NString(words);
        return Task.CompletedTask;
    }
}
