using Postbell.Imap.Commands;
using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>
/// What one client has asked to be told of with NOTIFY (RFC 5465), and what has happened since it was told last. Only which mailbox was touched, and
/// how, is kept, so it stays small however much happens.
/// </summary>
/// <remarks><see cref="Note"/> may come from any thread, the rest is the session's own.</remarks>
internal sealed class MailboxNotices(NotifyRequest request)
{
    private const NotifyEvents OfMessages = NotifyEvents.MessageNew | NotifyEvents.MessageExpunge | NotifyEvents.FlagChange;
    private const NotifyEvents OfNames = NotifyEvents.MailboxName | NotifyEvents.SubscriptionChange;

    private readonly Lock _gate = new();
    private Dictionary<long, NotifyEvents> _touched = [];
    private bool _everything;
    private bool _names;
    private Dictionary<long, MailFolder> _known = [];

    /// <summary>The group about the selected mailbox, or null.</summary>
    public NotifyGroup? OfSelected { get; } =
        request.Groups.FirstOrDefault(static g => g.Scope is NotifyScope.Selected or NotifyScope.SelectedDelayed);

    /// <summary>
    /// What is not told of the selected mailbox, not even in answer to a command: whoever named events hears of those and no others (RFC 5465 section 3.1).
    /// Gone messages are told where a command allows it, for numbers must stay true.
    /// </summary>
    public NotifyEvents Withheld => (NotifyEvents.MessageNew | NotifyEvents.FlagChange) & ~(OfSelected?.Events ?? NotifyEvents.None);

    /// <summary>Notes a change; from any thread.</summary>
    /// <returns>True when there may be something to tell.</returns>
    public bool Note(MailboxChange change)
    {
        lock (_gate)
        {
            switch (change.Kind)
            {
                case MailboxChangeKind.Added or MailboxChangeKind.Expunged or MailboxChangeKind.FlagsChanged:
                    _touched[change.FolderId] = _touched.GetValueOrDefault(change.FolderId) | Event(change.Kind);
                    return true;
                case MailboxChangeKind.FoldersChanged:
                    return _names = true;
                case MailboxChangeKind.Overrun:
                    return _everything = true;
                default:
                    return false;
            }
        }
    }

    /// <summary>Learns what there is, and tells it where the client asked for that.</summary>
    public async Task StartAsync(ImapSession session, CancellationToken ct)
    {
        var folders = await session.Mailbox.ListFoldersAsync(ct);
        _known = request.Groups.Any(static g => (g.Events & OfNames) != 0) ? folders.ToDictionary(static f => f.Id) : [];
        if (request.Status)
        {
            await TellCountsAsync(session, folders, static _ => OfMessages, ct);
        }
    }

    /// <summary>Tells what was noted of the mailboxes that are not selected.</summary>
    public async Task TellAsync(ImapSession session, CancellationToken ct)
    {
        Dictionary<long, NotifyEvents> touched;
        bool everything;
        bool names;
        lock (_gate)
        {
            (touched, _touched) = (_touched, []);
            (everything, _everything) = (_everything, false);
            (names, _names) = (_names, false);
        }

        if (touched.Count == 0 && !everything && !names)
        {
            return;
        }

        var folders = await session.Mailbox.ListFoldersAsync(ct);
        if (names || everything)
        {
            TellNames(session.Writer, folders);
        }

        await TellCountsAsync(session, folders, id => everything ? OfMessages : touched.GetValueOrDefault(id), ct);
    }

    private async Task TellCountsAsync(
        ImapSession session, IReadOnlyList<MailFolder> folders, Func<long, NotifyEvents> happened, CancellationToken ct)
    {
        var selected = session.State == SessionState.Selected && session.Selected.Mailbox.AccountId == session.Account.Id ? session.Selected.Folder.Id : 0;
        foreach (var folder in folders)
        {
            if (folder.Selectable && folder.Id != selected && (Wanted(folder) & happened(folder.Id)) != 0)
            {
                await TellCountAsync(session, folder, ct);
            }
        }
    }

    private static async Task TellCountAsync(ImapSession session, MailFolder folder, CancellationToken ct)
    {
        FolderStatus status;
        try
        {
            status = await session.Mailbox.ReadStatusAsync(folder.Name, ct);
        }
        catch (MailboxException gone) when (gone.Reason is MailboxFailure.NoSuchFolder or MailboxFailure.NotSelectable)
        {
            return;
        }

        var writer = session.Writer.Raw("* STATUS "u8).Mailbox(folder.Name).Raw(" (MESSAGES "u8).Number(status.Messages);
        writer.Raw(" UIDNEXT "u8).Number(status.UidNext).Raw(" UIDVALIDITY "u8).Number(folder.UidValidity).Raw(" UNSEEN "u8).Number(status.Unseen);
        if (session.Enabled.CondStore)
        {
            writer.Raw(" HIGHESTMODSEQ "u8).Number(status.HighestModSeq);
        }

        writer.Raw(")"u8).Line();
        await session.Connection.FlushIfManyAsync();
    }

    /// <summary>Mailboxes made, deleted, renamed, subscribed to or not any more.</summary>
    private void TellNames(ResponseWriter writer, IReadOnlyList<MailFolder> folders)
    {
        if (!request.Groups.Any(static g => (g.Events & OfNames) != 0))
        {
            return;
        }

        foreach (var folder in folders)
        {
            var before = _known.GetValueOrDefault(folder.Id);
            var wanted = Wanted(folder);
            var renamed = before is not null && before.Name != folder.Name;
            if ((wanted.HasFlag(NotifyEvents.MailboxName) && (before is null || renamed || before.Selectable != folder.Selectable))
                || (wanted.HasFlag(NotifyEvents.SubscriptionChange) && before is not null && before.Subscribed != folder.Subscribed))
            {
                List.Write(writer, "LIST", Attributes(folder), folder.Name, renamed ? before!.Name : null);
            }
        }

        var present = folders.ToDictionary(static f => f.Id);
        foreach (var gone in _known.Values.Where(f => !present.ContainsKey(f.Id) && Wanted(f).HasFlag(NotifyEvents.MailboxName)))
        {
            List.Write(writer, "LIST", "\\NonExistent", gone.Name);
        }

        _known = present;
    }

    private static string Attributes(MailFolder folder) =>
        string.Join(' ', new[] { folder.Selectable ? "" : "\\Noselect", folder.Subscribed ? "\\Subscribed" : "" }.Where(static a => a.Length > 0));

    private NotifyEvents Wanted(MailFolder folder) => request.Groups.FirstOrDefault(g => Fits(g, folder))?.Events ?? NotifyEvents.None;

    private static bool Fits(NotifyGroup group, MailFolder folder) => group.Scope switch
    {
        NotifyScope.Inboxes => folder.Name == FolderNames.Inbox,
        NotifyScope.Personal => true,
        NotifyScope.Subscribed => folder.Subscribed,
        NotifyScope.Subtree => group.Names.Any(n => folder.Name == n || folder.Name.StartsWith(n + FolderNames.Separator, StringComparison.Ordinal)),
        NotifyScope.Mailboxes => group.Names.Contains(folder.Name),
        _ => false,
    };

    private static NotifyEvents Event(MailboxChangeKind kind) => kind switch
    {
        MailboxChangeKind.Added => NotifyEvents.MessageNew,
        MailboxChangeKind.Expunged => NotifyEvents.MessageExpunge,
        _ => NotifyEvents.FlagChange,
    };
}
