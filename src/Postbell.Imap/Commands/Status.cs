using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>STATUS, RFC 3501 6.3.10, with the items of RFC 9051, RFC 7162, RFC 7889, RFC 8474 and RFC 9208.</summary>
internal static class Status
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!StatusRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        if (request.Items.HasFlag(StatusItems.HighestModSeq))
        {
            session.UseCondStore();
        }

        var place = (await session.Places.FindAsync(request.Mailbox, ct)).Require(FolderRights.Read);
        var status = await place.View.ReadStatusAsync(place.Name, ct);
        Write(session, place.IsOwn ? status : status with { Folder = status.Folder with { Name = place.Called } }, request.Items);
        return CommandResult.Ok("Status told");
    }

    /// <summary>Writes <c>* STATUS name (...)</c>, for LIST too.</summary>
    public static void Write(ImapSession session, FolderStatus status, StatusItems items) =>
        session.Writer.Raw("* STATUS "u8).Mailbox(status.Folder.Name).Raw(" ("u8)
            .Text(Text(status, items, session.Connection.Limits)).Raw(")"u8).Line();

    private static string Text(FolderStatus status, StatusItems wanted, ImapLimits limits)
    {
        (StatusItems Item, string Name, long Value)[] all =
        [
            (StatusItems.Messages, "MESSAGES", status.Messages),
            (StatusItems.Recent, "RECENT", status.Recent),
            (StatusItems.UidNext, "UIDNEXT", status.UidNext),
            (StatusItems.UidValidity, "UIDVALIDITY", status.Folder.UidValidity),
            (StatusItems.Unseen, "UNSEEN", status.Unseen),
            (StatusItems.HighestModSeq, "HIGHESTMODSEQ", status.HighestModSeq),
            (StatusItems.AppendLimit, "APPENDLIMIT", limits.MessageBytes),
            (StatusItems.Size, "SIZE", status.Size),
            (StatusItems.Deleted, "DELETED", status.Deleted),
            (StatusItems.DeletedStorage, "DELETED-STORAGE", status.DeletedSize),
        ];
        var texts = all.Where(i => wanted.HasFlag(i.Item)).Select(i => $"{i.Name} {i.Value}");
        return string.Join(' ', wanted.HasFlag(StatusItems.MailboxId) ? texts.Append($"MAILBOXID ({status.Folder.MailboxId})") : texts);
    }
}
