using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>STARTTLS, RFC 3207.</summary>
internal static class StartTls
{
    public static bool IsOffered(SmtpSession session) => !session.Connection.IsEncrypted && session.Services.Options.Certificate is not null;

    public static async ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        if (!IsOffered(session))
        {
            return new Reply(session.Connection.IsEncrypted ? 503 : 502, "5.5.1", session.Connection.IsEncrypted ? "TLS is there already" : "TLS is not offered");
        }

        if (!arguments.Span.Trim((byte)' ').IsEmpty)
        {
            return SmtpParseFailureText.Describe(SmtpParseFailure.ArgumentNotAllowed);
        }

        if (session.Connection.HasMore)
        {
            // Sent in the clear behind STARTTLS: someone between may have put it there to be taken for what comes within TLS.
            session.Services.Statistics.TlsFailed();
            return session.Close(new Reply(501, "5.5.1", "Nothing may follow STARTTLS before the handshake"));
        }

        session.Answer("STARTTLS", new Reply(220, "2.0.0", "Begin TLS"));
        await session.Connection.FlushAsync();
        if (!await session.Connection.UpgradeToTlsAsync())
        {
            session.Services.Statistics.TlsFailed();
            session.Services.Log.TlsFailed(session.Door, session.Connection.Remote);
            throw new SessionEndException(ReadOutcome.Closed);
        }

        session.Forget();
        return null;
    }
}
