using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>SETQUOTA, RFC 9208 section 4.1: understood and refused, limits are the administrator's.</summary>
internal static class SetQuota
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct) =>
        Task.FromResult(CommandResult.No("NOPERM", "Limits are set by the administrator of the server"));
}
