using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <summary>One person's mailbox: a cheap handle without state of its own, safe from any thread.</summary>
public sealed partial class MailboxView
{
    private readonly MailStore _store;

    internal MailboxView(MailStore store, long accountId)
    {
        _store = store;
        AccountId = accountId;
    }

    /// <summary>The account.</summary>
    public long AccountId { get; }

    /// <summary>All folders in order of their names, INBOX first.</summary>
    public async Task<IReadOnlyList<MailFolder>> ListFoldersAsync(CancellationToken ct) =>
        await _store.Readers.ReadAsync(List, ct).ConfigureAwait(false);

    /// <summary>Names the person subscribed to, whether or not such a folder exists.</summary>
    public async Task<IReadOnlyList<string>> ListSubscriptionsAsync(CancellationToken ct)
    {
        var names = await _store.Readers.ReadAsync(sql => FolderTable.Subscriptions(sql, AccountId), ct).ConfigureAwait(false);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The folder with the name, or null. INBOX has no case.</summary>
    public Task<MailFolder?> FindFolderAsync(string name, CancellationToken ct)
    {
        var normal = FolderName.Normalise(name);
        return _store.Readers.ReadAsync(sql => List(sql).Find(f => f.Name == normal), ct);
    }

    /// <summary>Makes a folder and the missing levels above it; a trailing separator is dropped.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.FolderExists"/>, <see cref="MailboxFailure.InvalidFolderName"/>, <see cref="MailboxFailure.TooManyFolders"/>.
    /// </exception>
    public Task<MailFolder> CreateFolderAsync(string name, CancellationToken ct)
    {
        var normal = FolderName.Normalise(name);
        return _store.Writer.WriteAsync(
            scope =>
            {
                FolderWrites.Create(scope, AccountId, normal, _store.Options.MaxFolders);
                return List(scope.Sql).Find(f => f.Name == normal)!;
            },
            ct);
    }

    /// <summary>Deletes a folder with its messages; one with children loses its messages and becomes not selectable.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.FolderIsProtected"/>, <see cref="MailboxFailure.FolderHasChildren"/>.
    /// </exception>
    public Task DeleteFolderAsync(string name, CancellationToken ct) =>
        ChangeAsync(scope => FolderWrites.Delete(scope, AccountId, FolderName.Normalise(name), _store.KeepingOf(scope.Sql, AccountId)), ct);

    /// <summary>Renames a folder and what is below it. Renaming INBOX moves its messages into a new folder and leaves INBOX empty (RFC 3501 section 6.3.5).</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.FolderExists"/>, <see cref="MailboxFailure.InvalidFolderName"/>.
    /// </exception>
    public Task RenameFolderAsync(string from, string to, CancellationToken ct) =>
        ChangeAsync(scope => FolderWrites.Rename(scope, AccountId, FolderName.Normalise(from), FolderName.Normalise(to), _store.Options.MaxFolders), ct);

    /// <summary>Adds or removes a subscription. The folder need not exist.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.InvalidFolderName"/>.</exception>
    public Task SetSubscribedAsync(string name, bool subscribed, CancellationToken ct)
    {
        var normal = FolderName.Normalise(name);
        return ChangeAsync(
            scope =>
            {
                FolderTable.SetSubscribed(scope.Sql, AccountId, normal, subscribed);
                FolderWrites.Publish(scope, AccountId);
            },
            ct);
    }

    /// <summary>Counts of a folder.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NotSelectable"/>.</exception>
    public Task<FolderStatus> ReadStatusAsync(string name, CancellationToken ct)
    {
        var normal = FolderName.Normalise(name);
        return _store.Readers.ReadAsync(
            sql =>
            {
                var row = FolderTable.Require(sql, AccountId, normal);
                return MessageTable.Status(sql, AccountId, row, List(sql).Find(f => f.Id == row.Id)!);
            },
            ct);
    }

    /// <summary>Opens a folder. Not read-only: its messages are no longer recent for sessions that open it later.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NotSelectable"/>.</exception>
    public async Task<FolderSnapshot> OpenFolderAsync(string name, bool readOnly, CancellationToken ct)
    {
        var normal = FolderName.Normalise(name);
        var snapshot = await _store.Readers.ReadAsync(
            sql =>
            {
                var row = FolderTable.Require(sql, AccountId, normal);
                var all = _store.FolderRows.Read(sql, AccountId, row);
                return new FolderSnapshot(
                    List(sql).Find(f => f.Id == row.Id)!, row.UidNext, row.HighestModSeq, row.RecentFrom, all.Rows, all.Keywords, all.FirstUnseen);
            },
            ct).ConfigureAwait(false);
        if (!readOnly && snapshot.FirstRecentUid < snapshot.UidNext)
        {
            try
            {
                await ChangeAsync(scope => FolderTable.SetRecentFrom(scope.Sql, AccountId, snapshot.Folder.Id, snapshot.UidNext), ct).ConfigureAwait(false);
            }
            catch (MailboxException full) when (full.Reason is MailboxFailure.DiskFull or MailboxFailure.StorageFailed)
            {
                // What is there can be read though nothing can be written; the messages stay recent.
                return snapshot;
            }
        }

        return snapshot;
    }

    /// <summary>What happened in a folder after <paramref name="modSeq"/>.</summary>
    public Task<FolderChanges> ReadChangesAsync(long folderId, long modSeq, CancellationToken ct) => _store.Readers.ReadAsync(
        sql =>
        {
            if (FolderTable.Find(sql, AccountId, folderId) is not { Selectable: true } row)
            {
                return new FolderChanges(false, [], [], 0, modSeq);
            }

            if (row.HighestModSeq <= modSeq)
            {
                return new FolderChanges(true, [], [], row.UidNext, row.HighestModSeq);
            }

            var vanished = modSeq >= row.PrunedModSeq
                ? MessageTable.ExpungedAfter(sql, AccountId, folderId, modSeq)
                : [.. Missing(MessageTable.Uids(sql, AccountId, folderId), [UidRange.All], row.UidNext).SelectMany(static range => range.Each())];
            return new FolderChanges(true, MessageTable.RowsAfter(sql, AccountId, folderId, modSeq), vanished, row.UidNext, row.HighestModSeq);
        },
        ct);

    private List<MailFolder> List(SqlSession sql) => List(sql, AccountId);

    internal static List<MailFolder> List(SqlSession sql, long accountId)
    {
        var rows = FolderTable.List(sql, accountId);
        var subscribed = FolderTable.Subscriptions(sql, accountId).ToHashSet(StringComparer.Ordinal);
        var parents = rows.SelectMany(static r => FolderName.Parents(r.Name)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. rows.OrderBy(static r => r.Name == FolderNames.Inbox ? 0 : 1).ThenBy(static r => r.Name, StringComparer.Ordinal)
                .Select(r => new MailFolder(
                    r.Id, r.Name, r.Selectable ? r.UidValidity : 0, r.Use, r.Selectable, subscribed.Contains(r.Name), parents.Contains(r.Name),
                    ObjectIds.Mailbox(accountId, r.Id))),
        ];
    }

    private Task ChangeAsync(Action<WriteScope> change, CancellationToken ct) => _store.Writer.WriteAsync(
        scope =>
        {
            change(scope);
            return true;
        },
        ct);
}
