using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>RSET, RFC 5321 4.1.1.5: drops the message under way.</summary>
internal static class Rset
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        session.Reset();
        return new(new Reply(250, "2.0.0", "Dropped"));
    }
}
