using Postbell.Imap.Session;

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
