using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>NOOP, RFC 3501 6.1.2: the table makes its answer tell whatever happened.</summary>
internal static class Noop
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        return Task.FromResult(reader.End() ? CommandResult.Ok("Nothing done") : CommandResult.Bad(reader));
    }
}
