namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows of automatic replies and of who got one.</summary>
internal static class VacationTable
{
    public static Vacation? Find(SqlSession sql, long accountId) => sql.QueryFirst(
        "SELECT enabled, starts_at, ends_at, subject, body, every_ms FROM vacations WHERE account_id = $1",
        static row => new Vacation
        {
            Enabled = row.GetInt64(0) != 0,
            From = row.IsDBNull(1) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            Until = row.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            Subject = row.GetString(3),
            Text = row.GetString(4),
            Every = TimeSpan.FromMilliseconds(row.GetInt64(5)),
        },
        accountId);

    /// <summary>Accounts that reply to somebody, now or at some time.</summary>
    public static List<long> Enabled(SqlSession sql) => sql.Query("SELECT account_id FROM vacations WHERE enabled <> 0", static row => row.GetInt64(0));

    /// <summary>Puts a reply in place; who got one before gets one again.</summary>
    public static void Set(SqlSession sql, long accountId, Vacation vacation)
    {
        sql.Execute("DELETE FROM vacations WHERE account_id = $1", accountId);
        sql.Execute("DELETE FROM vacation_replies WHERE account_id = $1", accountId);
        sql.Execute(
            "INSERT INTO vacations (account_id, enabled, starts_at, ends_at, subject, body, every_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            accountId, vacation.Enabled ? 1L : 0L, vacation.From?.ToUnixTimeMilliseconds(), vacation.Until?.ToUnixTimeMilliseconds(), vacation.Subject,
            vacation.Text, (long)vacation.Every.TotalMilliseconds);
    }

    /// <summary>Notes that a sender gets a reply; false when the last one is not long enough ago.</summary>
    public static bool TryTake(SqlSession sql, long accountId, string sender, DateTimeOffset now, TimeSpan every) => sql.Execute(
        "INSERT INTO vacation_replies (account_id, sender, replied_at) VALUES ($1, $2, $3) ON CONFLICT (account_id, sender) DO UPDATE SET replied_at = $3 WHERE vacation_replies.replied_at <= $4",
        accountId, sender, now.ToUnixTimeMilliseconds(), (now - every).ToUnixTimeMilliseconds()) > 0;

    /// <summary>Forgets who got a reply so long ago that it no longer counts.</summary>
    public static int Prune(SqlSession sql, DateTimeOffset before, int count) => sql.Execute(
        "DELETE FROM vacation_replies WHERE (account_id, sender) IN (SELECT account_id, sender FROM vacation_replies WHERE replied_at < $1 LIMIT $2)",
        before.ToUnixTimeMilliseconds(), (long)count);
}
