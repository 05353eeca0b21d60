using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>EXPN, RFC 5321 3.5: lists are not shown.</summary>
internal static class Expn
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        return new(new Reply(502, "5.5.1", "Lists are not shown"));
    }
}
