using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>EXAMINE, RFC 3501 6.3.2: SELECT that changes nothing.</summary>
internal static class Examine
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct) =>
        Select.OpenAsync(session, call, readOnly: true, ct);
}
