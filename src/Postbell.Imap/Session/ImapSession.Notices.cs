using Postbell.Imap.Commands;
using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

internal sealed partial class ImapSession
{
    private volatile MailboxNotices? _notices;

    /// <summary>What the client has asked to be told of at any time (RFC 5465); null when nothing.</summary>
    public MailboxNotices? Notices
    {
        get => _notices;
        set => _notices = value;
    }

    /// <summary>Between two commands, and during IDLE: tells what NOTIFY asked for.</summary>
    public async Task TellNoticesAsync(CancellationToken ct)
    {
        if (_notices is not { } notices)
        {
            return;
        }

        try
        {
            if (State == SessionState.Selected && notices.OfSelected is { } group && group.Events != NotifyEvents.None)
            {
                var last = Selected.LastUid;
                await TellAsync(group.Scope == NotifyScope.Selected ? Telling.Everything : Telling.NumbersStay, uidInFetch: false, ct);
                if (State == SessionState.Selected && group.Items.Count > 0)
                {
                    await Fetch.TellNewAsync(this, last, group.Items, ct);
                }
            }

            await notices.TellAsync(this, ct);
        }
        catch (MailboxException refusal) when (Writer.AtLineStart)
        {
            // No one asked just now, so no one is answered; the next command will say what is wrong.
            services.Log.CommandRefused("(notices)", refusal.Reason);
        }
    }
}
