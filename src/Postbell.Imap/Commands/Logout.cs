using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>LOGOUT, RFC 3501 6.1.3.</summary>
internal static class Logout
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        session.Bye("Goodbye");
        return Task.FromResult(CommandResult.Ok("Logged out"));
    }
}
