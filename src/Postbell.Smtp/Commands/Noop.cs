using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>NOOP, RFC 5321 4.1.1.9.</summary>
internal static class Noop
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        return new(new Reply(250, "2.0.0", "Nothing done"));
    }
}
