using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>GETQUOTAROOT, RFC 9208 section 4.3: the root a mailbox counts to, and how full that is.</summary>
internal static class GetQuotaRoot
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        var place = (await session.Places.FindAsync(name, ct)).Require(FolderRights.Read);
        if (!place.IsOwn)
        {
            // It counts to somebody else, whose limits are none of the client's business.
            session.Writer.Raw("* QUOTAROOT "u8).Mailbox(name).Line();
            return CommandResult.Ok("Quota told");
        }

        if (await session.Mailbox.FindFolderAsync(name, ct) is null)
        {
            return CommandResult.No("NONEXISTENT", "There is no such mailbox");
        }

        var usage = await session.Mailbox.ReadUsageAsync(ct);
        session.Writer.Raw("* QUOTAROOT "u8).Mailbox(name).Raw(GetQuota.HasLimits(usage) ? " \"\""u8 : []).Line();
        if (GetQuota.HasLimits(usage))
        {
            GetQuota.Write(session.Writer, usage);
        }

        return CommandResult.Ok("Quota told");
    }
}
