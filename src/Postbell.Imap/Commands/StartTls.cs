using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>STARTTLS, RFC 3501 6.2.1.</summary>
internal static class StartTls
{
    public static bool IsOffered(ImapSession session) => !session.Connection.IsEncrypted && session.Services.Options.Certificate is not null;

    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        return Task.FromResult(
            !reader.End() ? CommandResult.Bad(reader)
            : session.Connection.IsEncrypted ? CommandResult.Bad("The connection is encrypted already")
            : IsOffered(session) ? CommandResult.Ok("Begin the handshake", thenTls: true)
            : CommandResult.No("UNAVAILABLE", "This server has no certificate"));
    }
}
