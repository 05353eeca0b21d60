namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Finds and deletes rows that have lost their worth.</summary>
internal static class PruningTable
{
    /// <summary>Folders whose log of expunged messages is longer than it need be.</summary>
    public static List<(long Account, long Folder)> LongLogs(SqlSession sql, int length) => sql.Query(
        "SELECT account_id, folder_id FROM expunged GROUP BY account_id, folder_id HAVING count(*) > $1", static row => (row.GetInt64(0), row.GetInt64(1)), (long)length);

    /// <summary>
    /// Forgets about <paramref name="count"/> of the oldest entries beyond <paramref name="length"/>, whole MODSEQs only, and notes up to where the log now lacks;
    /// returns how many went.
    /// </summary>
    public static int PruneExpunged(SqlSession sql, long accountId, long folderId, int length, int count)
    {
        const string OfFolder = " FROM expunged WHERE account_id = $1 AND folder_id = $2 ORDER BY modseq ";
        var allowed = sql.Number("SELECT modseq" + OfFolder + "DESC LIMIT 1 OFFSET $3", accountId, folderId, (long)length);
        var reached = sql.Number("SELECT modseq" + OfFolder + "LIMIT 1 OFFSET $3", accountId, folderId, (long)count - 1) ?? allowed;
        if (allowed is null)
        {
            return 0;
        }

        var upTo = Math.Min(allowed.Value, reached!.Value);
        sql.Execute("UPDATE folders SET pruned_modseq = $3 WHERE account_id = $1 AND folder_id = $2 AND pruned_modseq < $3", accountId, folderId, upTo);
        return sql.Execute("DELETE FROM expunged WHERE account_id = $1 AND folder_id = $2 AND modseq <= $3", accountId, folderId, upTo);
    }

    public static int PruneTraces(SqlSession sql, DateTimeOffset before, int count) => sql.Execute(
        "DELETE FROM traces WHERE trace_id IN (SELECT trace_id FROM traces WHERE last_at < $1 ORDER BY last_at LIMIT $2)", before.ToUnixTimeMilliseconds(), (long)count);

    public static List<(long Account, string Key)> OldKeys(SqlSession sql, DateTimeOffset before, int count) => sql.Query(
        "SELECT account_id, idempotency_key FROM deliveries WHERE delivered_at < $1 LIMIT $2",
        static row => (row.GetInt64(0), row.GetString(1)), before.ToUnixTimeMilliseconds(), (long)count);

    public static int DeleteKeys(SqlSession sql, List<(long Account, string Key)> keys)
    {
        keys.ForEach(key => sql.Execute("DELETE FROM deliveries WHERE account_id = $1 AND idempotency_key = $2", key.Account, key.Key));
        return keys.Count;
    }
}
