using Postbell.Mailbox.Searching;
using Postbell.Mime;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>A message's place in a folder.</summary>
internal readonly record struct PlacedMessage(
    uint Uid, long ContentId, MessageFlags Flags, long ModSeq, long InternalDate, long Size, MessageKind Kind, MessageImportance Importance, long? SavedAt);

/// <summary>Rows of messages and of what was expunged.</summary>
internal static class MessageTable
{
    private const string InRange = " WHERE account_id = $1 AND folder_id = $2 AND uid >= $3 AND uid <= $4";

    private const string SearchableRows =
        "SELECT m.uid, m.flags, m.keywords, m.modseq, m.internal_date, m.size, m.kind, c.sent_day, m.saved_at, m.content_id, c.thread_id, c.indexed FROM messages m JOIN contents c ON c.account_id = m.account_id AND c.content_id = m.content_id WHERE m.account_id = $1 AND m.folder_id = $2";

    public static void Insert(SqlSession sql, long accountId, long folderId, in PlacedMessage message) => sql.Execute(
        "INSERT INTO messages (account_id, folder_id, uid, content_id, modseq, flags, keywords, internal_date, size, kind, importance, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        accountId, folderId, (long)message.Uid, message.ContentId, message.ModSeq, (long)message.Flags.System,
        string.IsNullOrEmpty(message.Flags.Keywords) ? null : message.Flags.Keywords, message.InternalDate, message.Size,
        (long)message.Kind, (long)message.Importance, message.SavedAt);

    public static List<MessageRow> Rows(SqlSession sql, long accountId, long folderId, UidRange uids) => sql.Query(
        "SELECT uid, flags, keywords, modseq FROM messages" + InRange + " ORDER BY uid", MapRow, accountId, folderId, (long)uids.First, (long)uids.Last);

    public static List<uint> Uids(SqlSession sql, long accountId, long folderId) => sql.Query(
        "SELECT uid FROM messages WHERE account_id = $1 AND folder_id = $2 ORDER BY uid", static row => (uint)row.GetInt64(0), accountId, folderId);

    public static List<MessageRow> RowsAfter(SqlSession sql, long accountId, long folderId, long modSeq) => sql.Query(
        "SELECT uid, flags, keywords, modseq FROM messages WHERE account_id = $1 AND folder_id = $2 AND modseq > $3 ORDER BY uid",
        MapRow, accountId, folderId, modSeq);

    public static List<uint> ExpungedAfter(SqlSession sql, long accountId, long folderId, long modSeq) => sql.Query(
        "SELECT uid FROM expunged WHERE account_id = $1 AND folder_id = $2 AND modseq > $3 ORDER BY uid",
        static row => (uint)row.GetInt64(0), accountId, folderId, modSeq);

    public static List<PlacedMessage> Placed(SqlSession sql, long accountId, long folderId, UidRange uids) => sql.Query(
        "SELECT uid, flags, keywords, modseq, content_id, internal_date, size, kind, importance, saved_at FROM messages" + InRange + " ORDER BY uid",
        static row => new PlacedMessage(
            (uint)row.GetInt64(0), row.GetInt64(4), MapFlags(row), row.GetInt64(3), row.GetInt64(5), row.GetInt64(6),
            (MessageKind)row.GetInt64(7), (MessageImportance)row.GetInt64(8), Optional(row, 9)),
        accountId, folderId, (long)uids.First, (long)uids.Last);

    public static List<StoredMessage> Stored(SqlSession sql, long accountId, long folderId, UidRange uids) => sql.Query(
        "SELECT m.uid, m.flags, m.keywords, m.modseq, m.internal_date, c.structure, c.content_id, c.blob_name, c.checksum, c.size, c.kind, c.importance, c.sensitivity, c.caller_number, c.caller_name, c.voice_seconds, m.saved_at, c.thread_id, c.preview, m.account_id"
        + " FROM messages m JOIN contents c ON c.account_id = m.account_id AND c.content_id = m.content_id"
        + " WHERE m.account_id = $1 AND m.folder_id = $2 AND m.uid >= $3 AND m.uid <= $4 ORDER BY m.uid",
        MapStored, accountId, folderId, (long)uids.First, (long)uids.Last);

    public static List<SearchableRow> Searchable(SqlSession sql, long accountId, long folderId) =>
        sql.Query(SearchableRows + " ORDER BY m.uid", row => MapSearchable(row, accountId), accountId, folderId);

    /// <summary>The same of a few contents only, in no order.</summary>
    public static List<SearchableRow> Searchable(SqlSession sql, long accountId, long folderId, IEnumerable<long> contents)
    {
        var rows = new List<SearchableRow>();
        foreach (var content in contents)
        {
            rows.AddRange(sql.Query(SearchableRows + " AND m.content_id = $3", row => MapSearchable(row, accountId), accountId, folderId, content));
        }

        return rows;
    }

    public static List<EnvelopeRow> Summaries(SqlSession sql, long accountId, long folderId, UidRange uids) => sql.Query(
        "SELECT uid, internal_date, size FROM messages" + InRange + " ORDER BY uid",
        static row => new EnvelopeRow((uint)row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2), new MimeEnvelope()),
        accountId, folderId, (long)uids.First, (long)uids.Last);

    /// <summary>Fields of the envelopes are read from the page where the structure lies, without a copy of it.</summary>
    public static List<EnvelopeRow> SummariesWithEnvelope(SqlSession sql, long accountId, long folderId, UidRange uids, EnvelopeFields fields) => sql.Query(
        "SELECT m.uid, m.internal_date, m.size, c.structure"
        + " FROM messages m JOIN contents c ON c.account_id = m.account_id AND c.content_id = m.content_id"
        + " WHERE m.account_id = $1 AND m.folder_id = $2 AND m.uid >= $3 AND m.uid <= $4 ORDER BY m.uid",
        row => new EnvelopeRow(
            (uint)row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2),
            MimeJson.ReadEnvelope(row.GetSpan(3), fields)),
        accountId, folderId, (long)uids.First, (long)uids.Last);

    public static List<(byte[] Checksum, long InternalDate)> Checksums(SqlSession sql, long accountId, long folderId) => sql.Query(
        "SELECT c.checksum, m.internal_date FROM messages m JOIN contents c ON c.account_id = m.account_id AND c.content_id = m.content_id WHERE m.account_id = $1 AND m.folder_id = $2",
        static row => ((byte[])row[0], row.GetInt64(1)), accountId, folderId);

    /// <summary>Some messages of a folder above a UID, ascending: what their age decides on.</summary>
    public static List<(uint Uid, MessageKind Kind, long InternalDate, long? SavedAt)> Aged(SqlSession sql, long accountId, long folderId, uint after, int count) => sql.Query(
        "SELECT uid, kind, internal_date, saved_at FROM messages WHERE account_id = $1 AND folder_id = $2 AND uid > $3 ORDER BY uid LIMIT $4",
        static row => ((uint)row.GetInt64(0), (MessageKind)row.GetInt64(1), row.GetInt64(2), Optional(row, 3)), accountId, folderId, (long)after, (long)count);

    public static void SetFlags(SqlSession sql, long accountId, long folderId, uint uid, MessageFlags flags, long modSeq) => sql.Execute(
        "UPDATE messages SET flags = $4, keywords = $5, modseq = $6 WHERE account_id = $1 AND folder_id = $2 AND uid = $3",
        accountId, folderId, (long)uid, (long)flags.System, string.IsNullOrEmpty(flags.Keywords) ? null : flags.Keywords, modSeq);

    public static void Delete(SqlSession sql, long accountId, long folderId, uint uid) => sql.Execute(
        "DELETE FROM messages WHERE account_id = $1 AND folder_id = $2 AND uid = $3", accountId, folderId, (long)uid);

    public static void LogExpunged(SqlSession sql, long accountId, long folderId, uint uid, long modSeq) => sql.Execute(
        "INSERT INTO expunged (account_id, folder_id, uid, modseq) VALUES ($1, $2, $3, $4)", accountId, folderId, (long)uid, modSeq);

    public static FolderStatus Status(SqlSession sql, long accountId, FolderRow row, MailFolder folder) => sql.QueryFirst(
        "SELECT count(*), coalesce(sum(CASE WHEN uid >= $3 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN flags & 1 = 0 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN flags & 8 <> 0 THEN 1 ELSE 0 END), 0), coalesce(sum(size), 0), coalesce(sum(CASE WHEN flags & 8 <> 0 THEN size ELSE 0 END), 0) FROM messages WHERE account_id = $1 AND folder_id = $2",
        counts => new FolderStatus(
            folder, (int)counts.GetInt64(0), (int)counts.GetInt64(1), (int)counts.GetInt64(2), (int)counts.GetInt64(3), row.UidNext,
            row.HighestModSeq, counts.GetInt64(4), counts.GetInt64(5)),
        accountId, row.Id, (long)row.RecentFrom)!;

    /// <summary>Voice messages per folder, state and importance.</summary>
    public static List<(long FolderId, SystemFlags Flags, MessageImportance Importance, int Count)> VoiceGroups(SqlSession sql, long accountId) => sql.Query(
        "SELECT folder_id, flags & 9, importance, count(*) FROM messages WHERE account_id = $1 AND kind = 1 AND kind <> 0 GROUP BY folder_id, flags & 9, importance",
        static row => (row.GetInt64(0), (SystemFlags)row.GetInt64(1), (MessageImportance)row.GetInt64(2), (int)row.GetInt64(3)), accountId);

    private static SearchableRow MapSearchable(SqlRow row, long accountId) => new(
        (uint)row.GetInt64(0), MapFlags(row), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), (MessageKind)row.GetInt64(6),
        row.IsDBNull(7) ? null : (int)row.GetInt64(7), Optional(row, 8), accountId, row.GetInt64(9), Optional(row, 10), row.GetInt64(11) == (long)IndexState.Indexed);

    private static MessageRow MapRow(SqlRow row) => new((uint)row.GetInt64(0), MapFlags(row), row.GetInt64(3));

    private static long? Optional(SqlRow row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static MessageFlags MapFlags(SqlRow row) =>
        new((SystemFlags)row.GetInt64(1), row.IsDBNull(2) ? "" : row.GetString(2));

    private static StoredMessage MapStored(SqlRow row) => new((byte[])row[5])
    {
        Uid = (uint)row.GetInt64(0),
        Flags = MapFlags(row),
        ModSeq = row.GetInt64(3),
        InternalDate = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        ContentId = row.GetInt64(6),
        BlobName = row.GetString(7),
        Checksum = (byte[])row[8],
        Size = row.GetInt64(9),
        Kind = (MessageKind)row.GetInt64(10),
        Importance = (MessageImportance)row.GetInt64(11),
        Sensitivity = (MessageSensitivity)row.GetInt64(12),
        CallerNumber = row.IsDBNull(13) ? null : row.GetString(13),
        CallerName = row.IsDBNull(14) ? null : row.GetString(14),
        VoiceDuration = row.IsDBNull(15) ? null : TimeSpan.FromSeconds(row.GetInt64(15)),
        SavedAt = Optional(row, 16) is { } saved ? DateTimeOffset.FromUnixTimeMilliseconds(saved) : null,
        ThreadNumber = Optional(row, 17),
        AccountId = row.GetInt64(19),
        Preview = row.IsDBNull(18) ? null : row.GetString(18),
    };
}
