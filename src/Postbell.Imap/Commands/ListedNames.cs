using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>The names one LIST tells, and what of each.</summary>
internal sealed class ListedNames
{
    private readonly ListRequest _request;
    private readonly IReadOnlyList<MailFolder> _folders;
    private readonly IReadOnlyList<string> _subscriptions;
    private readonly HashSet<string> _subscribed;
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal);

    public ListedNames(ListRequest request, IReadOnlyList<MailFolder> folders, IReadOnlyList<string> subscriptions)
    {
        _request = request;
        _folders = folders;
        _subscriptions = subscriptions;
        _subscribed = [.. subscriptions];
        if (request.Selection.HasFlag(ListSelection.RecursiveMatch))
        {
            NoteParents();
        }
    }

    /// <summary>What CHILDINFO says: by which options a child was selected (RFC 5258 section 3.5).</summary>
    public string ChildInfo => string.Join(
        ' ',
        new[] { (ListSelection.Subscribed, "\"SUBSCRIBED\""), (ListSelection.SpecialUse, "\"SPECIAL-USE\"") }
            .Where(o => _request.Selection.HasFlag(o.Item1)).Select(o => o.Item2));

    /// <summary>The names in their order, those without a folder last; and whether something selected lies below that the patterns do not name.</summary>
    public IEnumerable<(string Name, MailFolder? Folder, bool IsParentOfSelected)> Select()
    {
        foreach (var folder in _folders)
        {
            if (_request.Matches(folder.Name) && (IsSelected(folder) || _parents.Contains(folder.Name)))
            {
                yield return (folder.Name, folder, _parents.Contains(folder.Name));
            }
        }

        var known = _folders.Select(static f => f.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in WithoutFolder().Where(n => !known.Contains(n) && _request.Matches(n)))
        {
            yield return (name, null, _parents.Contains(name));
        }
    }

    /// <summary>Attributes of a name (RFC 5258 section 3.4).</summary>
    public string Attributes(string name, MailFolder? folder)
    {
        var subscribed = _subscribed.Contains(name) || (folder is { Subscribed: true } && _request.Return.HasFlag(ListReturn.Subscribed));
        return (folder is null ? "\\NonExistent" : Existing(folder)) + (subscribed ? " \\Subscribed" : "");
    }

    private static string Existing(MailFolder folder)
    {
        var use = folder.Use switch
        {
            FolderUse.Sent => " \\Sent",
            FolderUse.Drafts => " \\Drafts",
            FolderUse.Trash => " \\Trash",
            FolderUse.Junk => " \\Junk",
            FolderUse.Archive => " \\Archive",
            _ => "",
        };
        return (folder.Selectable ? "" : "\\Noselect ") + (folder.HasChildren ? "\\HasChildren" : "\\HasNoChildren") + use;
    }

    private IEnumerable<string> WithoutFolder()
    {
        // A special use belongs to a folder that is there.
        var names = _request.Selection.HasFlag(ListSelection.SpecialUse) ? _parents : _subscriptions.Concat(_parents);
        return names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private bool IsSelected(MailFolder folder) =>
        (!_request.Selection.HasFlag(ListSelection.Subscribed) || folder.Subscribed)
        && (!_request.Selection.HasFlag(ListSelection.SpecialUse) || folder.Use != FolderUse.None);

    private void NoteParents()
    {
        var selected = _folders.Where(IsSelected).Select(static f => f.Name);
        if (!_request.Selection.HasFlag(ListSelection.SpecialUse))
        {
            selected = selected.Concat(_subscriptions).Distinct(StringComparer.Ordinal);
        }

        foreach (var name in selected.Where(n => !_request.Matches(n)))
        {
            for (var at = name.IndexOf(MailboxName.Separator, StringComparison.Ordinal); at > 0; at = name.IndexOf(MailboxName.Separator, at + 1))
            {
                _parents.Add(name[..at]);
            }
        }
    }
}
