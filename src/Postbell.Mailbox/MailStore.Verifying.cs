using Postbell.Mailbox.Storage.Blobs;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    private const int VerifyChunk = 500;

    /// <summary>
    /// Reads every message and recording of one mailbox, or of all, and compares the bytes with their checksums, while the store works on. Damage is reported;
    /// what can be set right without losing anything (counters, files nothing names) is when <paramref name="repair"/> says so.
    /// </summary>
    /// <param name="accountId">The mailbox; null for all, and then for orphans and the database too.</param>
    /// <param name="repair">Sets right what can be.</param>
    /// <param name="ct">Ends the work early.</param>
    public async Task<StoreVerification> VerifyAsync(long? accountId, bool repair, CancellationToken ct)
    {
        var accounts = (await ListAccountsAsync(ct).ConfigureAwait(false)).Where(a => accountId is null || a.Id == accountId).ToList();
        var mailboxes = new List<MailboxVerification>();
        foreach (var account in accounts)
        {
            mailboxes.Add(await VerifyMailboxAsync(account, repair, ct).ConfigureAwait(false));
        }

        if (accountId is not null)
        {
            return new StoreVerification(mailboxes, [], "ok", repair);
        }

        var orphans = await FindOrphansAsync(ct).ConfigureAwait(false);
        if (repair)
        {
            Blobs.Delete(orphans);
        }

        return new StoreVerification(mailboxes, orphans, await Readers.ReadAsync(VerificationTable.QuickCheck, ct).ConfigureAwait(false), repair);
    }

    private async Task<MailboxVerification> VerifyMailboxAsync(Account account, bool repair, CancellationToken ct)
    {
        var damaged = new List<DamagedItem>();
        var (count, octets, last) = (0, 0L, 0L);
        var chunk = await Readers.ReadAsync(sql => VerificationTable.Greetings(sql, account.Id), ct).ConfigureAwait(false);
        do
        {
            foreach (var named in chunk)
            {
                count++;
                octets += named.Blob.Size;
                last = named.ContentId ?? last;
                if (await CheckAsync(account.Id, named, ct).ConfigureAwait(false) is { } item)
                {
                    damaged.Add(item);
                }
            }

            chunk = await Readers.ReadAsync(sql => VerificationTable.Contents(sql, account.Id, last, VerifyChunk), ct).ConfigureAwait(false);
        }
        while (chunk.Count > 0);

        var wrong = await Readers.ReadAsync(sql => VerificationTable.CountersAreWrong(sql, account.Id), ct).ConfigureAwait(false);
        if (wrong && repair)
        {
            await ChangeAccountAsync(account.Id, scope => VerificationTable.SetCountersRight(scope.Sql, account.Id), ct).ConfigureAwait(false);
        }

        return new MailboxVerification(account.UserName, count, octets, damaged, wrong);
    }

    private async Task<DamagedItem?> CheckAsync(long accountId, NamedBlob named, CancellationToken ct)
    {
        var condition = await Blobs.CheckAsync(named.Blob, ct).ConfigureAwait(false);
        // What was expunged or replaced while it was read is no damage.
        if (condition == BlobCondition.Sound || !await Readers.ReadAsync(sql => VerificationTable.IsNamed(sql, named.Blob.Name), ct).ConfigureAwait(false))
        {
            return null;
        }

        var places = named.ContentId is { } content
            ? await Readers.ReadAsync(sql => VerificationTable.Places(sql, accountId, content), ct).ConfigureAwait(false)
            : ["greeting " + named.Greeting];
        return new DamagedItem(string.Join("; ", places), named.Blob.Name, condition == BlobCondition.Missing);
    }
}
