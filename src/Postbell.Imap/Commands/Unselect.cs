using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>UNSELECT, RFC 3691: leaves the folder and removes nothing.</summary>
internal static class Unselect
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        session.LeaveFolder();
        return Task.FromResult(CommandResult.Ok("Mailbox left"));
    }
}
