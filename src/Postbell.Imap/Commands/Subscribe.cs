using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>SUBSCRIBE, RFC 3501 6.3.6.</summary>
internal static class Subscribe
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        await session.Mailbox.SetSubscribedAsync(name, subscribed: true, ct);
        return CommandResult.Ok("Subscribed");
    }
}
