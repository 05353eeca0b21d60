using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>What a client can ask to be told of (RFC 5465 section 5).</summary>
[Flags]
internal enum NotifyEvents
{
    None = 0,
    MessageNew = 1,
    MessageExpunge = 2,
    FlagChange = 4,
    MailboxName = 8,
    SubscriptionChange = 16,

    /// <summary>Something this server does not tell of.</summary>
    Unsupported = 32,
}

/// <summary>Which mailboxes a group of events is about (RFC 5465 section 6).</summary>
internal enum NotifyScope
{
    Selected,
    SelectedDelayed,
    Inboxes,
    Personal,
    Subscribed,
    Subtree,
    Mailboxes,
}

/// <summary>One group of NOTIFY.</summary>
/// <param name="Scope">Which mailboxes.</param>
/// <param name="Names">For <see cref="NotifyScope.Subtree"/> and <see cref="NotifyScope.Mailboxes"/>.</param>
/// <param name="Events">What about them; none says to be silent about them.</param>
/// <param name="Items">What to fetch of a new message in the selected mailbox.</param>
internal sealed record NotifyGroup(NotifyScope Scope, IReadOnlyList<string> Names, NotifyEvents Events, IReadOnlyList<FetchItem> Items);

/// <summary>The arguments of NOTIFY (RFC 5465 section 4).</summary>
/// <param name="Status">True when the present state is to be told first.</param>
/// <param name="Groups">The first that fits a mailbox decides; no group at all is <c>NOTIFY NONE</c>.</param>
internal sealed record NotifyRequest(bool Status, IReadOnlyList<NotifyGroup> Groups)
{
    public static bool TryParse(ref CommandReader reader, out NotifyRequest request)
    {
        request = new NotifyRequest(Status: false, []);
        if (!reader.Space())
        {
            return false;
        }

        if (reader.TakeWord("NONE"u8))
        {
            return reader.End();
        }

        if (!reader.TakeWord("SET"u8))
        {
            return reader.Fail(ParseFailure.NotifyInvalid);
        }

        if (!reader.Space())
        {
            return false;
        }

        var status = reader.TakeWord("STATUS"u8);
        if (status && !reader.Space())
        {
            return false;
        }

        var groups = new List<NotifyGroup>();
        do
        {
            if (groups.Count >= reader.Limits.ListEntries)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if (!TryGroup(ref reader, out var group))
            {
                return false;
            }

            groups.Add(group);
        }
        while (reader.TakeIf((byte)' ') && !reader.AtEnd);
        request = new NotifyRequest(status, groups);
        return reader.End();
    }

    private static bool TryGroup(ref CommandReader reader, out NotifyGroup group)
    {
        group = null!;
        if (!reader.Expect((byte)'(', ParseFailure.ListExpected) || !reader.Atom(out var word))
        {
            return false;
        }

        if (!Enum.TryParse<NotifyScope>(Encoding.ASCII.GetString(word).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var scope)
            || !Enum.IsDefined(scope) || word[0] is >= (byte)'0' and <= (byte)'9')
        {
            return reader.Fail(ParseFailure.NotifyInvalid);
        }

        List<string> names = [];
        if ((scope is NotifyScope.Subtree or NotifyScope.Mailboxes && (!reader.Space() || !TryNames(ref reader, names)))
            || !reader.Space() || !TryEvents(ref reader, out var events, out var items))
        {
            return false;
        }

        group = new NotifyGroup(scope, names, events, items);
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryNames(ref CommandReader reader, List<string> names)
    {
        var several = reader.TakeIf((byte)'(');
        do
        {
            if (names.Count >= reader.Limits.ListEntries)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if (!reader.Mailbox(out var name))
            {
                return false;
            }

            names.Add(name);
        }
        while (several && reader.TakeIf((byte)' '));
        return !several || reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryEvents(ref CommandReader reader, out NotifyEvents events, out List<FetchItem> items)
    {
        events = NotifyEvents.None;
        items = [];
        if (reader.TakeWord("NONE"u8))
        {
            return true;
        }

        if (!reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        var last = NotifyEvents.None;
        do
        {
            if (last == NotifyEvents.MessageNew && reader.NextIs((byte)'('))
            {
                if (!FetchRequest.TryItems(ref reader, out items))
                {
                    return false;
                }

                continue;
            }

            if (!reader.Atom(out var word))
            {
                return false;
            }

            last = Event(word);
            events |= last;
        }
        while (reader.TakeIf((byte)' '));
        return IsSound(events) ? reader.Expect((byte)')', ParseFailure.ListUnterminated) : reader.Fail(ParseFailure.NotifyEventsUnsound);
    }

    /// <summary>New and gone messages only together, and changed flags only with them (RFC 5465 section 5): a count could not be kept otherwise.</summary>
    private static bool IsSound(NotifyEvents events)
    {
        const NotifyEvents Both = NotifyEvents.MessageNew | NotifyEvents.MessageExpunge;
        return (events & Both) == Both || (events & (Both | NotifyEvents.FlagChange)) == 0;
    }

    private static NotifyEvents Event(ReadOnlySpan<byte> word) => Encoding.ASCII.GetString(word).ToUpperInvariant() switch
    {
        "MESSAGENEW" => NotifyEvents.MessageNew,
        "MESSAGEEXPUNGE" => NotifyEvents.MessageExpunge,
        "FLAGCHANGE" => NotifyEvents.FlagChange,
        "MAILBOXNAME" => NotifyEvents.MailboxName,
        "SUBSCRIPTIONCHANGE" => NotifyEvents.SubscriptionChange,
        _ => NotifyEvents.Unsupported,
    };
}
