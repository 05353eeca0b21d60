using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>NOTIFY, RFC 5465: what happens is told at any time, also of mailboxes that are not selected.</summary>
internal static class Notify
{
    private const string Supported = "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange)";

    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!NotifyRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        if (request.Groups.Any(static g => g.Events.HasFlag(NotifyEvents.Unsupported)))
        {
            return CommandResult.No(Supported, "Not all of these events can be told");
        }

        session.Notices = request.Groups.Count > 0 ? new MailboxNotices(request) : null;
        if (session.Notices is { } notices)
        {
            await notices.StartAsync(session, ct);
        }

        return CommandResult.Ok(request.Groups.Count > 0 ? "Notifying" : "Notifying no more");
    }
}
