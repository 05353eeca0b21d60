using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>UNSUBSCRIBE, RFC 3501 6.3.7.</summary>
internal static class Unsubscribe
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        await session.Mailbox.SetSubscribedAsync(name, subscribed: false, ct);
        return CommandResult.Ok("Unsubscribed");
    }
}
