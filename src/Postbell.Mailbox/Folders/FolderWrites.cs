using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Folders;

/// <summary>What happens to folders inside a write transaction.</summary>
internal static class FolderWrites
{
    public static FolderRow Create(WriteScope scope, long accountId, string name, int maxFolders = int.MaxValue, FolderUse use = FolderUse.None)
    {
        var folders = FolderTable.List(scope.Sql, accountId);
        var existing = folders.Find(f => f.Name == name);
        if (existing is { Selectable: true })
        {
            throw new MailboxException(MailboxFailure.FolderExists, "There is a folder of that name.");
        }

        var missing = FolderName.Parents(name).Where(parent => !folders.Exists(f => f.Name == parent)).ToList();
        if (folders.Count + missing.Count >= maxFolders)
        {
            throw new MailboxException(MailboxFailure.TooManyFolders, "The mailbox has as many folders as it may.");
        }

        foreach (var parent in missing)
        {
            FolderTable.Insert(scope.Sql, accountId, parent, FolderUse.None, scope.Now);
        }

        Publish(scope, accountId);
        if (existing is not null)
        {
            // A bare name becomes a folder again: a new one, with a number and UIDVALIDITY of its own.
            FolderTable.Delete(scope.Sql, accountId, existing.Id);
        }

        var created = FolderTable.Insert(scope.Sql, accountId, name, use, scope.Now);
        Inherit(scope, accountId, folders, created);
        return created;
    }

    /// <summary>A new folder is open to whom the folder above it is; at the top of a team's mailbox, to whom its inbox is.</summary>
    private static void Inherit(WriteScope scope, long accountId, List<FolderRow> folders, FolderRow created)
    {
        var above = FolderName.Parents(created.Name).Reverse().Select(parent => folders.Find(f => f.Name == parent)).FirstOrDefault(static f => f is not null)
            ?? (AccountTable.IsTeam(scope.Sql, accountId) ? folders.Find(static f => f.Name == FolderNames.Inbox) : null);
        if (above is not null)
        {
            RightsTable.Inherit(scope.Sql, accountId, above.Id, created.Id);
        }
    }

    public static void Delete(WriteScope scope, long accountId, string name, Keeping keeping)
    {
        var folders = FolderTable.List(scope.Sql, accountId);
        var folder = folders.Find(f => f.Name == name) ?? throw new MailboxException(MailboxFailure.NoSuchFolder, "There is no such folder.");
        if (name == FolderNames.Inbox || (folder.Use != FolderUse.None && !folders.Exists(f => f.Use == folder.Use && f.Id != folder.Id)))
        {
            throw new MailboxException(MailboxFailure.FolderIsProtected, $"{name} cannot be deleted.");
        }

        var hasChildren = folders.Exists(f => FolderName.IsBelow(f.Name, name));
        if (hasChildren && !folder.Selectable)
        {
            throw new MailboxException(MailboxFailure.FolderHasChildren, "The folder holds other folders.");
        }

        MessageWrites.RemoveAll(scope, accountId, folder, keeping);
        if (hasChildren)
        {
            FolderTable.MakeBareName(scope.Sql, accountId, folder.Id);
        }
        else
        {
            FolderTable.Delete(scope.Sql, accountId, folder.Id);
        }

        Publish(scope, accountId);
    }

    public static void Rename(WriteScope scope, long accountId, string from, string to, int maxFolders)
    {
        var folders = FolderTable.List(scope.Sql, accountId);
        var folder = folders.Find(f => f.Name == from) ?? throw new MailboxException(MailboxFailure.NoSuchFolder, "There is no such folder.");
        if (folders.Exists(f => f.Name == to))
        {
            throw new MailboxException(MailboxFailure.FolderExists, "There is a folder of that name.");
        }

        if (from == FolderNames.Inbox)
        {
            // INBOX stays; what is below it stays too (RFC 3501 section 6.3.5).
            MessageWrites.MoveAll(scope, accountId, folder.Id, Create(scope, accountId, to, maxFolders));
            return;
        }

        if (FolderName.IsBelow(to, from))
        {
            throw new MailboxException(MailboxFailure.InvalidFolderName, "A folder cannot be moved into itself.");
        }

        foreach (var parent in FolderName.Parents(to).Where(parent => !folders.Exists(f => f.Name == parent)).ToList())
        {
            FolderTable.Insert(scope.Sql, accountId, parent, FolderUse.None, scope.Now);
        }

        foreach (var moved in folders.Where(f => f.Id == folder.Id || FolderName.IsBelow(f.Name, from)))
        {
            var name = FolderName.Normalise(to + moved.Name[from.Length..]);
            FolderTable.SetName(scope.Sql, accountId, moved.Id, name);
        }

        Publish(scope, accountId);
    }

    // Moving folders in and out of the trash changes what the lamp counts.
    public static void Publish(WriteScope scope, long accountId) =>
        scope.Changes.Add(new MailboxChange(accountId, 0, MailboxChangeKind.FoldersChanged, [], 0, VoiceCountsMayHaveChanged: true));
}
