using System.Text;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>A content that waits for the index.</summary>
internal sealed record UnindexedContent(long AccountId, long ContentId, string BlobName, byte[] Checksum, long Size, byte[] Structure, MessageKind Kind, bool HasThread, bool HasPreview);

/// <summary>How far the index knows a content. The numbers are stored.</summary>
internal enum IndexState
{
    Waiting = 0,
    Indexed = 1,
    Unindexable = 2,
}

/// <summary>Columns of the index.</summary>
internal enum IndexColumn
{
    Head,
    Body,
    Both,
}

/// <summary>The full-text index: rows, what waits for it, and questions to it.</summary>
internal static class TextIndexTable
{
    private const int TrigramLength = 3;

    // A handful of trigrams leaves next to nothing for the exact comparison; more of them only cost.
    private const int MaxTrigrams = 12;

    public static void Insert(SqlSession sql, long accountId, long contentId, string head, string body) => sql.Execute(
        "INSERT INTO message_text (rowid, head, body) VALUES ($1, $2, $3)", RowId(accountId, contentId), head, body);

    public static void Delete(SqlSession sql, long accountId, long contentId) =>
        sql.Execute("DELETE FROM message_text WHERE rowid = $1", RowId(accountId, contentId));

    /// <summary>Takes everything of an account out; before its contents go.</summary>
    public static void DeleteAll(SqlSession sql, long accountId)
    {
        foreach (var content in sql.Query(
            "SELECT content_id FROM contents WHERE account_id = $1 AND indexed = 1", static row => row.GetInt64(0), accountId))
        {
            Delete(sql, accountId, content);
        }
    }

    /// <summary>
    /// Writes about so many pages of the index anew without what was deleted from it: deleting alone leaves words behind. A negative number begins with everything there is;
    /// positive ones go on. False when there was nothing more to do.
    /// </summary>
    public static bool Merge(SqlSession sql, int pages)
    {
        var before = sql.Number("SELECT total_changes()");
        sql.Execute("INSERT INTO message_text (message_text, rank) VALUES ('merge', $1)", (long)pages);
        // The statement itself counts as one change.
        return sql.Number("SELECT total_changes()") - before >= 2;
    }

    public static void SetState(SqlSession sql, long accountId, long contentId, IndexState state) => sql.Execute(
        "UPDATE contents SET indexed = $3 WHERE account_id = $1 AND content_id = $2", accountId, contentId, (long)state);

    public static IndexState? State(SqlSession sql, long accountId, long contentId) =>
        (IndexState?)sql.Number("SELECT indexed FROM contents WHERE account_id = $1 AND content_id = $2", accountId, contentId);

    public static List<UnindexedContent> Waiting(SqlSession sql, int count) => sql.Query(
        "SELECT account_id, content_id, blob_name, checksum, size, structure, kind, thread_id IS NOT NULL, preview IS NOT NULL FROM contents WHERE indexed <> 1 AND indexed = 0 ORDER BY account_id, content_id LIMIT $1",
        static row => new UnindexedContent(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), (byte[])row[3], row.GetInt64(4), (byte[])row[5], (MessageKind)row.GetInt64(6),
            row.GetInt64(7) != 0, row.GetInt64(8) != 0),
        (long)count);

    /// <summary>Contents of an account that only reading can find.</summary>
    public static List<long> NotIndexed(SqlSession sql, long accountId) => sql.Query(
        "SELECT content_id FROM contents WHERE account_id = $1 AND indexed <> 1", static row => row.GetInt64(0), accountId);

    public static long CountWaiting(SqlSession sql) => sql.Number("SELECT count(*) FROM contents WHERE indexed <> 1 AND indexed = 0") ?? 0;

    /// <summary>Contents that may hold the folded text; null when it is too short to ask for. Each must be looked at: its trigrams may stand apart.</summary>
    public static HashSet<long>? Find(SqlSession sql, long accountId, string folded, IndexColumn column)
    {
        if (Question(folded, column) is not { } question)
        {
            return null;
        }

        return [.. sql.Query(
            "SELECT rowid FROM message_text WHERE message_text MATCH $1 AND rowid >= $2 AND rowid < $3",
            static row => row.GetInt64(0) & uint.MaxValue, question, RowId(accountId, 0), RowId(accountId + 1, 0))];
    }

    private static string? Question(string folded, IndexColumn column)
    {
        var runes = folded.EnumerateRunes().ToArray();
        var count = runes.Length - TrigramLength + 1;
        // What has no character of its own (half of a pair, NUL) reads differently here and there.
        if (count < 1 || runes.Contains(Rune.ReplacementChar))
        {
            return null;
        }

        var question = new StringBuilder(column switch { IndexColumn.Head => "head : (", IndexColumn.Body => "body : (", _ => "(" });
        // Spread over the text, the first and the last among them.
        var asked = Math.Min(count, MaxTrigrams);
        for (var i = 0; i < asked; i++)
        {
            var start = asked == 1 ? 0 : (int)((long)i * (count - 1) / (asked - 1));
            question.Append(i == 0 ? "\"" : " AND \"");
            for (var r = start; r < start + TrigramLength; r++)
            {
                question.Append(runes[r].Value == '"' ? "\"\"" : runes[r].ToString());
            }

            question.Append('"');
        }

        return question.Append(')').ToString();
    }

    private static long RowId(long accountId, long contentId) => (accountId << 32) + contentId;
}
