using System.Text;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>COMPRESS, RFC 4978. It is for those signed in, so STARTTLS, which is for those who are not, can never follow it.</summary>
internal static class Compress
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Atom(out var mechanism) || !reader.End())
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        return Task.FromResult(
            !Ascii.EqualsIgnoreCase(mechanism, "DEFLATE"u8) ? CommandResult.Bad("Only DEFLATE is offered")
            : session.Connection.IsCompressed ? CommandResult.No("COMPRESSIONACTIVE", "The connection is compressed already")
            : CommandResult.Ok("Compressed from here on") with { ThenDeflate = true });
    }
}
