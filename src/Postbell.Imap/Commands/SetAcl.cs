using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>SETACL, RFC 4314 section 3.1: gives somebody rights on a mailbox, adds or takes some.</summary>
internal static class SetAcl
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        return RightsArguments.TryParse(ref reader, withRights: true, out var arguments)
            ? await ChangeAsync(session, arguments, ct)
            : CommandResult.Bad(reader);
    }

    /// <summary>Changes rights, for DELETEACL too.</summary>
    public static async Task<CommandResult> ChangeAsync(ImapSession session, RightsArguments arguments, CancellationToken ct)
    {
        var place = (await session.Places.FindAsync(arguments.Mailbox, ct)).Require(FolderRights.Administer);
        if (arguments.IsNegative)
        {
            return CommandResult.No("CANNOT", "Rights are given, and not denied by a minus");
        }

        try
        {
            await session.Services.Store.SetRightsAsync(place.View.AccountId, place.Name, arguments.UserName, arguments.Change, ct);
            return CommandResult.Ok("Rights set");
        }
        catch (MailboxException refusal) when (refusal.Reason == MailboxFailure.NoSuchAccount)
        {
            return CommandResult.No("NONEXISTENT", "Nobody has that name");
        }
    }
}
