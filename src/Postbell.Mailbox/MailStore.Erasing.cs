using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Erasing a person: what deleting leaves behind on the disk goes as well.</content>
public sealed partial class MailStore
{
    private const int MergePages = 500;

    /// <summary>
    /// Deletes an account with everything in it, its ledger, what the full-text index and the pages of the database still hold of it. The database is written anew: writes
    /// of others wait meanwhile. Backups and copies in other people's mailboxes are not touched.
    /// </summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchAccount"/>, <see cref="MailboxFailure.OnHold"/>; <see cref="MailboxFailure.DiskFull"/> when there is no room for the database a second
    /// time: the account is gone then, but words of it may be left in free pages.
    /// </exception>
    public async Task<ErasureResult> EraseAccountAsync(long accountId, CancellationToken ct)
    {
        var account = await FindAccountAsync(accountId, ct).ConfigureAwait(false) ?? throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");
        var (files, traces, rows) = await Writer.WriteAsync(
            scope =>
            {
                RequireNoHold(scope.Sql, accountId);
                var named = AccountTable.BlobNames(scope.Sql, accountId);
                var ledger = LedgerTable.Erase(scope.Sql, accountId, [account.UserName, account.DisplayName, account.Address]);
                Delete(scope, accountId);
                return (named, ledger.Traces, ledger.Rows);
            },
            ct).ConfigureAwait(false);
        // Also done behind the commit; here, so that they are gone when this ends (unless a backup still copies).
        Blobs.Delete(files);
        await CompactAsync(ct).ConfigureAwait(false);
        return new ErasureResult(account.UserName, files.Count, traces, rows);
    }

    /// <summary>Writes the full-text index and the database anew, so that nothing deleted is left in either.</summary>
    internal async Task CompactAsync(CancellationToken ct)
    {
        // Piece by piece: deliveries go between them.
        var pages = -MergePages;
        while (await Writer.WriteAsync(scope => TextIndexTable.Merge(scope.Sql, pages), ct).ConfigureAwait(false))
        {
            pages = MergePages;
        }

        await Writer.RunAloneAsync(static sql => sql.ExecuteScript("VACUUM"), ct).ConfigureAwait(false);
        // The log still holds the pages of before; a reader may keep it a moment longer.
        for (var i = 0; i < 50 && await Writer.RunAloneAsync(static sql => sql.Number("PRAGMA wal_checkpoint(TRUNCATE)") ?? 1, ct).ConfigureAwait(false) != 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None).ConfigureAwait(false);
        }
    }
}

/// <summary>What erasing a person removed.</summary>
/// <param name="UserName">Who.</param>
/// <param name="Files">Messages and recordings.</param>
/// <param name="Traces">Ledgers of messages.</param>
/// <param name="LedgerRows">Lines in ledgers of others that named the person and no longer do.</param>
public sealed record ErasureResult(string UserName, int Files, int Traces, int LedgerRows);
