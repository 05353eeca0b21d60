using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>CHECK, RFC 3501 6.4.1: everything is on disk already, so it is NOOP.</summary>
internal static class Check
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        return Task.FromResult(reader.End() ? CommandResult.Ok("Everything is on disk") : CommandResult.Bad(reader));
    }
}
