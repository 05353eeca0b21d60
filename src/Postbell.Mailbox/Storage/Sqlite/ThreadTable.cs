namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows of conversation keys.</summary>
internal static class ThreadTable
{
    /// <summary>The conversation of the first key that belongs to one, or null.</summary>
    public static long? Find(SqlSession sql, long accountId, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            if (sql.Number("SELECT thread_id FROM thread_keys WHERE account_id = $1 AND thread_key = $2", accountId, key) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Notes keys for a conversation. A key that belongs to one already stays there: a THREADID never changes.</summary>
    public static void Note(SqlSession sql, long accountId, IReadOnlyList<string> keys, long threadId)
    {
        foreach (var key in keys)
        {
            sql.Execute(
                "INSERT INTO thread_keys (account_id, thread_key, thread_id) VALUES ($1, $2, $3) ON CONFLICT (account_id, thread_key) DO NOTHING",
                accountId, key, threadId);
        }
    }

    /// <summary>Forgets a conversation nothing belongs to any more.</summary>
    public static void Release(SqlSession sql, long accountId, long threadId) => sql.Execute(
        "DELETE FROM thread_keys WHERE account_id = $1 AND thread_id = $2 AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.account_id = $1 AND c.thread_id = $2)",
        accountId, threadId);
}
