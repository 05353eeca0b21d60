using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    /// <summary>What a person's mailbox holds and may hold.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public Task<MailboxUsage> ReadUsageAsync(long accountId, CancellationToken ct) => Readers.ReadAsync(
        sql => UsageTable.Find(sql, accountId, QuotaOf(sql, accountId))
            ?? throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account."),
        ct);

    /// <summary>The limits of an account.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    internal MailboxQuota QuotaOf(SqlSession sql, long accountId) => AccountTable.Find(sql, accountId) is { } account
        ? _options.QuotaOf(account)
        : throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");
}
