using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>IDLE, RFC 2177: what happens in the folder is told as it happens, until the client says DONE.</summary>
internal static class Idle
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return CommandResult.Bad(reader);
        }

        var options = session.Services.Options;
        var start = session.Services.Time.GetTimestamp();
        await session.Connection.ContinueAsync("Idling");
        await session.TellAsync(Telling.LookAndTellEverything, uidInFetch: false, ct);
        while (session.State != SessionState.Logout)
        {
            await session.Connection.FlushAsync();
            var left = options.IdleTimeout - session.Services.Time.GetElapsedTime(start);
            var (outcome, line) = await session.Connection.ReadLineAsync(left < options.KeepAlive ? left : options.KeepAlive, wakeable: true);
            switch (outcome)
            {
                case ReadOutcome.Complete:
                    return System.Text.Ascii.EqualsIgnoreCase(line.Span.Trim((byte)' '), "DONE"u8)
                        ? CommandResult.Ok("Idle no more")
                        : CommandResult.Bad("DONE is wanted");
                case ReadOutcome.Woken:
                    if (session.Notices?.OfSelected is null)
                    {
                        await session.TellAsync(Telling.Everything, uidInFetch: false, ct);
                    }

                    await session.TellNoticesAsync(ct);
                    break;
                case ReadOutcome.TimedOut when session.Services.Time.GetElapsedTime(start) < options.IdleTimeout:
                    session.Writer.Untagged("OK Still here");
                    break;
                default:
                    throw new SessionEndException(outcome);
            }
        }

        return CommandResult.Ok("Idle no more");
    }
}
