namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows of what was found damaged.</summary>
internal static class DamageTable
{
    public static void Note(SqlSession sql, long accountId, string blob, bool missing, DateTimeOffset now) => sql.Execute(
        "INSERT INTO damaged (account_id, blob_name, missing, found_at) VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, blob_name) DO UPDATE SET missing = $3",
        accountId, blob, missing ? 1L : 0L, now.ToUnixTimeMilliseconds());

    public static bool IsNoted(SqlSession sql, long accountId, string blob) =>
        sql.Number("SELECT 1 FROM damaged WHERE account_id = $1 AND blob_name = $2", accountId, blob) is not null;

    public static void Forget(SqlSession sql, long accountId, string blob) =>
        sql.Execute("DELETE FROM damaged WHERE account_id = $1 AND blob_name = $2", accountId, blob);

    /// <summary>Forgets what nothing names any more.</summary>
    public static int ForgetGone(SqlSession sql) => sql.Execute(
        "DELETE FROM damaged WHERE NOT EXISTS (SELECT 1 FROM contents c WHERE c.blob_name = damaged.blob_name) AND NOT EXISTS (SELECT 1 FROM greetings g WHERE g.blob_name = damaged.blob_name)");

    public static long Count(SqlSession sql) => sql.Number(
        "SELECT count(*) FROM damaged d WHERE EXISTS (SELECT 1 FROM contents c WHERE c.blob_name = d.blob_name) OR EXISTS (SELECT 1 FROM greetings g WHERE g.blob_name = d.blob_name)") ?? 0;

    public static List<DamagedBytes> List(SqlSession sql, int count)
    {
        var rows = sql.Query(
            "SELECT a.user_name, d.account_id, d.blob_name, d.missing, d.found_at, c.content_id, g.name FROM damaged d JOIN accounts a ON a.account_id = d.account_id LEFT JOIN contents c ON c.blob_name = d.blob_name LEFT JOIN greetings g ON g.blob_name = d.blob_name WHERE c.content_id IS NOT NULL OR g.name IS NOT NULL ORDER BY d.found_at LIMIT $1",
            static row => (User: row.GetString(0), Account: row.GetInt64(1), Blob: row.GetString(2), Missing: row.GetInt64(3) != 0,
                At: DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), Content: row.IsDBNull(5) ? (long?)null : row.GetInt64(5), Greeting: row.IsDBNull(6) ? "" : row.GetString(6)),
            (long)count);
        return rows.ConvertAll(row => new DamagedBytes(
            row.User, row.Content is { } content ? string.Join("; ", VerificationTable.Places(sql, row.Account, content)) : "greeting " + row.Greeting, row.Blob, row.Missing, row.At));
    }
}
