using System.Text;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>HELO, RFC 5321 4.1.1.1: a client without extensions.</summary>
internal static class Helo
{
    public static Reply Refused => new(501, "5.5.4", "A host name or [address] must follow");

    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        if (!TryName(arguments.Span, out var name))
        {
            return new(Refused);
        }

        session.Greet(name, extended: false);
        return new(new Reply(250, "", session.Services.Options.HostName));
    }

    /// <summary>The name a client gives itself; it goes into Received and so must be one.</summary>
    public static bool TryName(ReadOnlySpan<byte> arguments, out string name)
    {
        var text = arguments.Trim((byte)' ');
        var good = !text.IsEmpty && PathParser.IsDomain(text);
        name = good ? Encoding.UTF8.GetString(text) : "";
        return good;
    }
}
