using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>CAPABILITY, RFC 3501 6.1.1: what works, and nothing else.</summary>
internal static class Capability
{
    private const string Always = "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE";
    private const string AfterLogin = " IDLE NAMESPACE UIDPLUS MOVE UNSELECT CHILDREN SPECIAL-USE";

    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        session.Writer.Untagged("CAPABILITY " + Names(session));
        return Task.FromResult(CommandResult.Ok("Capabilities told"));
    }

    /// <summary>What the session offers in its state.</summary>
    public static string Names(ImapSession session)
    {
        if (session.State != SessionState.NotAuthenticated)
        {
            return Always + AfterLogin;
        }

        var startTls = StartTls.IsOffered(session) ? " STARTTLS" : "";
        return Always + AfterLogin + startTls + (Login.IsAllowed(session) ? " AUTH=PLAIN" : " LOGINDISABLED");
    }
}
