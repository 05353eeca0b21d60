using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>QUIT, RFC 5321 4.1.1.10.</summary>
internal static class Quit
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        return new(session.Close(new Reply(221, "2.0.0", "Goodbye")));
    }
}
