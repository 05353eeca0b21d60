using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>VRFY, RFC 5321 3.5.3: nobody is told who is here, delivery will show.</summary>
internal static class Vrfy
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        return new(new Reply(252, "2.5.0", "Send the message, then it will show"));
    }
}
