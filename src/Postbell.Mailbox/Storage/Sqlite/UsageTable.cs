namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>How much an account holds: counted along with every message that comes or goes.</summary>
internal static class UsageTable
{
    public static MailboxUsage? Find(SqlSession sql, long accountId, MailboxQuota quota) => sql.QueryFirst(
        "SELECT used_bytes, used_messages FROM accounts WHERE account_id = $1",
        row => new MailboxUsage(row.GetInt64(0), row.GetInt64(1), quota), accountId);

    public static void Add(SqlSession sql, long accountId, long octets, int messages) => sql.Execute(
        "UPDATE accounts SET used_bytes = used_bytes + $2, used_messages = used_messages + $3 WHERE account_id = $1",
        accountId, octets, (long)messages);

    /// <summary>Refuses what would not fit.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.OverQuota"/>.</exception>
    public static void RequireRoom(SqlSession sql, long accountId, MailboxQuota quota, long octets, int messages)
    {
        if (quota != MailboxQuota.Unlimited && Find(sql, accountId, quota) is { } usage && !usage.HasRoomFor(octets, messages))
        {
            throw Full();
        }
    }

    /// <summary>Refuses when a limit is reached. What comes before that may pass it by one message, however large.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.OverQuota"/>.</exception>
    public static void RequireNotFull(SqlSession sql, long accountId, MailboxQuota quota)
    {
        if (quota != MailboxQuota.Unlimited && Find(sql, accountId, quota) is { Level: QuotaLevel.Full })
        {
            throw Full();
        }
    }

    private static MailboxException Full() => new(MailboxFailure.OverQuota, "The mailbox is full.");
}
