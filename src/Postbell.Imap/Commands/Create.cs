using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>CREATE, RFC 3501 6.3.3: missing levels above are made too; with a use, RFC 6154 section 3; answered with its identifier, RFC 8474.</summary>
internal static class Create
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!CreateRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        if (!request.UseIsPossible)
        {
            return CommandResult.No("USEATTR", "A mailbox can be one of \\Archive, \\Drafts, \\Junk, \\Sent and \\Trash");
        }

        var place = (await session.Places.FindForNewAsync(request.Mailbox, ct)).Require(FolderRights.Create);
        var made = await place.View.CreateFolderAsync(place.Name, request.Use, ct);
        return CommandResult.Ok("Mailbox made", $"MAILBOXID ({made.MailboxId})");
    }
}
