using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>What is kept how long.</content>
public sealed partial class MailStore
{
    private const int RetentionChunk = 200;
    private static readonly TimeSpan s_beforeRetention = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_retentionEvery = TimeSpan.FromHours(6);

    /// <summary>Begins or ends a legal hold: while it lasts nothing of the mailbox goes for good, also not what was removed before, and the account cannot be deleted.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public Task SetHoldAsync(long accountId, bool held, CancellationToken ct) => ChangeAccountAsync(
        accountId,
        scope =>
        {
            if (held != AccountTable.HeldSince(scope.Sql, accountId) is not null)
            {
                AccountTable.SetHeldSince(scope.Sql, accountId, held ? scope.Now : null);
            }
        },
        ct);

    /// <summary>Messages and octets of an account that can be brought back.</summary>
    public Task<(long Messages, long Octets)> CountRemovedAsync(long accountId, CancellationToken ct) =>
        Readers.ReadAsync(sql => RemovedTable.Count(sql, accountId), ct);

    /// <summary>Applies the rules of every mailbox once: removes what is too old, and for good what was removed long enough ago.</summary>
    public async Task<RetentionResult> ApplyRetentionAsync(CancellationToken ct)
    {
        var total = new RetentionResult(0, 0);
        foreach (var account in await ListAccountsAsync(ct).ConfigureAwait(false))
        {
            var retention = _options.RetentionOf(account);
            foreach (var folder in await Readers.ReadAsync(sql => FolderTable.List(sql, account.Id), ct).ConfigureAwait(false))
            {
                total = total with { Removed = total.Removed + await RemoveOldAsync(account.Id, folder, retention, ct).ConfigureAwait(false) };
            }

            total = total with { Purged = total.Purged + await PurgeAsync(account.Id, retention, ct).ConfigureAwait(false) };
        }

        Interlocked.Add(ref _retentionRemoved, total.Removed);
        Interlocked.Add(ref _purged, total.Purged);
        return total;
    }

    internal Keeping KeepingOf(SqlSession sql, long accountId) => AccountTable.Find(sql, accountId) is not { } account ? Keeping.Nothing
        : account.HeldSince is not null ? Keeping.All
        : _options.RetentionOf(account).DeletedItemRetention > TimeSpan.Zero ? Keeping.NoDrafts
        : Keeping.Nothing;

    private static void RequireNoHold(SqlSession sql, long accountId)
    {
        if (AccountTable.HeldSince(sql, accountId) is not null)
        {
            throw new MailboxException(MailboxFailure.OnHold, "A legal hold lasts: nothing of this mailbox may go for good.");
        }
    }

    // In pieces, each a write of its own: deliveries go between them.
    private async Task<long> RemoveOldAsync(long accountId, FolderRow folder, MailboxRetention retention, CancellationToken ct)
    {
        var removed = 0L;
        var rules = retention.Rules.Where(rule => rule.Folder is null || rule.Folder == folder.Name || Folders.FolderName.IsBelow(folder.Name, rule.Folder)).ToList();
        var from = 0u;
        while (folder.Selectable && rules.Exists(static r => r.Age is not null))
        {
            var after = from;
            var (old, last) = await Readers.ReadAsync(sql => Old(sql, accountId, folder.Id, rules, after), ct).ConfigureAwait(false);
            if (old.Count > 0)
            {
                removed += await Writer.WriteAsync(scope => RemoveOld(scope, accountId, folder.Id, old), ct).ConfigureAwait(false);
            }

            if (last is not { } next)
            {
                break;
            }

            from = next;
        }

        return removed;
    }

    private (List<uint> Old, uint? Last) Old(SqlSession sql, long accountId, long folderId, List<RetentionRule> rules, uint after)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = MessageTable.Aged(sql, accountId, folderId, after, RetentionChunk);
        var old = new List<uint>();
        foreach (var row in rows)
        {
            var rule = rules.Find(r => r.Kind is null || r.Kind == row.Kind);
            var since = rule?.Folder is null ? row.InternalDate : row.SavedAt ?? row.InternalDate;
            if (rule?.Age is { } age && now - since >= age.TotalMilliseconds)
            {
                old.Add(row.Uid);
            }
        }

        return (old, rows.Count < RetentionChunk ? null : rows[^1].Uid);
    }

    private long RemoveOld(WriteScope scope, long accountId, long folderId, List<uint> uids)
    {
        if (FolderTable.Find(scope.Sql, accountId, folderId) is not { Selectable: true } folder)
        {
            return 0;
        }

        var messages = MessageWrites.Find(scope, accountId, folderId, UidRange.From(uids));
        MessageWrites.RemoveAll(scope, accountId, folder, messages, KeepingOf(scope.Sql, accountId));
        return messages.Count;
    }

    private async Task<long> PurgeAsync(long accountId, MailboxRetention retention, CancellationToken ct)
    {
        var until = _time.GetUtcNow() - retention.DeletedItemRetention;
        var purged = 0L;
        while (true)
        {
            var count = await Writer.WriteAsync(scope => RemovedWrites.Purge(scope, accountId, until, RetentionChunk), ct).ConfigureAwait(false);
            purged += count;
            if (count < RetentionChunk)
            {
                return purged;
            }
        }
    }
}

/// <summary>What applying the rules did.</summary>
/// <param name="Removed">Messages removed from their folders because they were too old.</param>
/// <param name="Purged">Messages removed before that are gone for good now.</param>
public sealed record RetentionResult(long Removed, long Purged);
