using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>HELP, RFC 5321 4.1.1.8.</summary>
internal static class Help
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        return new(new Reply(214, "2.0.0", "RFC 5321, RFC 2033 and RFC 6409 say it all"));
    }
}
