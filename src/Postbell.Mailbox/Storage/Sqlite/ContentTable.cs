using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Blobs;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows of message contents.</summary>
internal static class ContentTable
{
    public static long Insert(SqlSession sql, long accountId, Blob blob, MessageProfile profile)
    {
        var id = sql.Number(
            "UPDATE accounts SET last_content_id = last_content_id + 1 WHERE account_id = $1 RETURNING last_content_id", accountId)
            ?? throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");
        var thread = ThreadTable.Find(sql, accountId, profile.Thread.Lookup) ?? id;
        ThreadTable.Note(sql, accountId, profile.Thread.Known, thread);
        sql.Execute(
            "INSERT INTO contents (account_id, content_id, blob_name, checksum, size, structure, sent_day, kind, importance, sensitivity, caller_number, caller_name, voice_seconds, thread_id, preview) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            accountId, id, blob.Name, blob.Checksum, blob.Size, profile.Structure, profile.SentDay is { } day ? (long)day : null, (long)profile.Kind,
            (long)profile.Importance, (long)profile.Sensitivity, profile.CallerNumber, profile.CallerName, profile.VoiceSeconds, thread, profile.Preview);
        return id;
    }

    /// <summary>Drops a content no message holds any more; returns its blob, or null while others hold it.</summary>
    public static string? Release(SqlSession sql, long accountId, long contentId)
    {
        var (blob, thread, indexed) = sql.QueryFirst(
            "DELETE FROM contents WHERE account_id = $1 AND content_id = $2 AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.account_id = $1 AND m.content_id = $2) AND NOT EXISTS (SELECT 1 FROM removed r WHERE r.account_id = $1 AND r.content_id = $2) RETURNING blob_name, thread_id, indexed",
            static row => (row.GetString(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1), row.GetInt64(2) == (long)IndexState.Indexed), accountId, contentId);
        if (thread is { } id)
        {
            ThreadTable.Release(sql, accountId, id);
        }

        if (indexed)
        {
            TextIndexTable.Delete(sql, accountId, contentId);
        }

        return blob;
    }

    /// <summary>Gives a content of an older version its conversation.</summary>
    public static void SetThread(SqlSession sql, long accountId, long contentId, ThreadKeys keys)
    {
        var thread = ThreadTable.Find(sql, accountId, keys.Lookup) ?? contentId;
        ThreadTable.Note(sql, accountId, keys.Known, thread);
        sql.Execute("UPDATE contents SET thread_id = $3 WHERE account_id = $1 AND content_id = $2", accountId, contentId, thread);
    }

    /// <summary>Gives a content of an older version its first words.</summary>
    public static void SetPreview(SqlSession sql, long accountId, long contentId, string preview) =>
        sql.Execute("UPDATE contents SET preview = $3 WHERE account_id = $1 AND content_id = $2", accountId, contentId, preview);

    public static bool Exists(SqlSession sql, long accountId, long contentId) =>
        sql.Number("SELECT 1 FROM contents WHERE account_id = $1 AND content_id = $2", accountId, contentId) is not null;

    public static AppendResult? FindDelivery(SqlSession sql, long accountId, string key) => sql.QueryFirst<AppendResult?>(
        "SELECT folder_id, uid_validity, uid, modseq FROM deliveries WHERE account_id = $1 AND idempotency_key = $2",
        static row => new AppendResult(row.GetInt64(0), (uint)row.GetInt64(1), (uint)row.GetInt64(2), row.GetInt64(3), Duplicate: true),
        accountId, key);

    public static void InsertDelivery(SqlSession sql, long accountId, string key, AppendResult result, DateTimeOffset now) => sql.Execute(
        "INSERT INTO deliveries (account_id, idempotency_key, folder_id, uid_validity, uid, modseq, delivered_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        accountId, key, result.FolderId, (long)result.UidValidity, (long)result.Uid, result.ModSeq, now.ToUnixTimeMilliseconds());
}
