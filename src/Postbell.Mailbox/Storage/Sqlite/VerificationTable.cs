namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>A blob some row names.</summary>
internal sealed record NamedBlob(long? ContentId, string? Greeting, Blobs.Blob Blob);

/// <summary>What verifying reads and sets right.</summary>
internal static class VerificationTable
{
    public static List<NamedBlob> Contents(SqlSession sql, long accountId, long after, int count) => sql.Query(
        "SELECT content_id, blob_name, checksum, size FROM contents WHERE account_id = $1 AND content_id > $2 ORDER BY content_id LIMIT $3",
        static row => new NamedBlob(row.GetInt64(0), null, new Blobs.Blob(row.GetString(1), (byte[])row[2], row.GetInt64(3))), accountId, after, (long)count);

    public static List<NamedBlob> Greetings(SqlSession sql, long accountId) => sql.Query(
        "SELECT name, blob_name, checksum, size FROM greetings WHERE account_id = $1",
        static row => new NamedBlob(null, row.GetString(0), new Blobs.Blob(row.GetString(1), (byte[])row[2], row.GetInt64(3))), accountId);

    /// <summary>Where a content lies, as a person would look for it.</summary>
    public static List<string> Places(SqlSession sql, long accountId, long contentId) =>
    [
        .. sql.Query(
            "SELECT f.name, m.uid FROM messages m JOIN folders f ON f.account_id = m.account_id AND f.folder_id = m.folder_id WHERE m.account_id = $1 AND m.content_id = $2 ORDER BY f.name, m.uid",
            static row => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row.GetString(0)}, UID {row.GetInt64(1)}"), accountId, contentId),
        .. sql.Query(
            "SELECT folder_name, removed_id FROM removed WHERE account_id = $1 AND content_id = $2 ORDER BY removed_id",
            static row => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"removed from {row.GetString(0)}, number {row.GetInt64(1)}"), accountId, contentId),
    ];

    public static bool CountersAreWrong(SqlSession sql, long accountId) => sql.Number(
        "SELECT 1 FROM accounts a WHERE a.account_id = $1 AND (a.used_bytes <> (SELECT coalesce(sum(size), 0) FROM messages WHERE account_id = $1) OR a.used_messages <> (SELECT count(*) FROM messages WHERE account_id = $1))",
        accountId) is not null;

    public static void SetCountersRight(SqlSession sql, long accountId) => sql.Execute(
        "UPDATE accounts SET used_bytes = (SELECT coalesce(sum(size), 0) FROM messages WHERE account_id = $1), used_messages = (SELECT count(*) FROM messages WHERE account_id = $1) WHERE account_id = $1",
        accountId);

    public static bool IsNamed(SqlSession sql, string blob) =>
        sql.Number("SELECT 1 WHERE EXISTS (SELECT 1 FROM contents WHERE blob_name = $1) OR EXISTS (SELECT 1 FROM greetings WHERE blob_name = $1)", blob) is not null;

    /// <summary>Names of the tables, with those below the full-text index.</summary>
    public static List<string> Tables(SqlSession sql) => sql.Query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'", static row => row.GetString(0));

    /// <summary>What SQLite says of one table and its indexes.</summary>
    public static string QuickCheck(SqlSession sql, string table) =>
        sql.QueryFirst($"PRAGMA quick_check(\"{table}\")", static row => row.GetString(0)) ?? "no answer";

    public static string QuickCheck(SqlSession sql) => sql.QueryFirst("PRAGMA quick_check(1)", static row => row.GetString(0)) ?? "no answer";
}
