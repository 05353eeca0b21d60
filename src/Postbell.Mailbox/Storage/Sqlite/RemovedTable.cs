using Postbell.Mime;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>A removed message as undeleting and purging need it.</summary>
internal readonly record struct RemovedRow(long Id, string Folder, PlacedMessage Message);

/// <summary>Rows of messages that were removed and can be brought back.</summary>
internal static class RemovedTable
{
    private const string Columns = "removed_id, flags, keywords, folder_name, content_id, internal_date, size, kind, importance";

    public static void Insert(SqlSession sql, long accountId, string folder, in PlacedMessage message, DateTimeOffset now)
    {
        var id = sql.Number("UPDATE accounts SET last_removed_id = last_removed_id + 1 WHERE account_id = $1 RETURNING last_removed_id", accountId);
        sql.Execute(
            "INSERT INTO removed (account_id, removed_id, folder_name, content_id, flags, keywords, internal_date, size, kind, importance, removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            accountId, id, folder, message.ContentId, (long)(message.Flags.System & ~SystemFlags.Deleted),
            string.IsNullOrEmpty(message.Flags.Keywords) ? null : message.Flags.Keywords, message.InternalDate, message.Size, (long)message.Kind,
            (long)message.Importance, now.ToUnixTimeMilliseconds());
    }

    /// <summary>What can be brought back, the last removed first.</summary>
    public static List<RemovedMessage> List(SqlSession sql, long accountId, DateTimeOffset since, int count) => sql.Query(
        "SELECT r.removed_id, r.flags, r.keywords, r.folder_name, r.internal_date, r.size, r.kind, r.removed_at, c.structure"
        + " FROM removed r JOIN contents c ON c.account_id = r.account_id AND c.content_id = r.content_id WHERE r.account_id = $1 AND r.removed_at >= $2 ORDER BY r.removed_at DESC, r.removed_id DESC LIMIT $3",
        static row => new RemovedMessage(
            row.GetInt64(0), row.GetString(3), Flags(row), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.GetInt64(5),
            (MessageKind)row.GetInt64(6), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)), MimeJson.ReadEnvelope((byte[])row[8], EnvelopeFields.Subject | EnvelopeFields.From)),
        accountId, since.ToUnixTimeMilliseconds(), (long)count);

    public static (long Count, long Octets) Count(SqlSession sql, long accountId) => sql.QueryFirst(
        "SELECT count(*), coalesce(sum(size), 0) FROM removed WHERE account_id = $1", static row => (row.GetInt64(0), row.GetInt64(1)), accountId);

    public static RemovedRow? Find(SqlSession sql, long accountId, long id) => sql.QueryFirst<RemovedRow?>(
        "SELECT " + Columns + " FROM removed WHERE account_id = $1 AND removed_id = $2", static row => Map(row), accountId, id);

    /// <summary>Some of what was removed until a time, oldest first.</summary>
    public static List<RemovedRow> Until(SqlSession sql, long accountId, long until, int count) => sql.Query(
        "SELECT " + Columns + " FROM removed WHERE account_id = $1 AND removed_at <= $2 ORDER BY removed_at LIMIT $3",
        static row => Map(row), accountId, until, (long)count);

    public static void Delete(SqlSession sql, long accountId, long id) =>
        sql.Execute("DELETE FROM removed WHERE account_id = $1 AND removed_id = $2", accountId, id);

    private static RemovedRow Map(SqlRow row) => new(
        row.GetInt64(0), row.GetString(3), new PlacedMessage(
            0, row.GetInt64(4), Flags(row), 0, row.GetInt64(5), row.GetInt64(6), (MessageKind)row.GetInt64(7), (MessageImportance)row.GetInt64(8), null));

    private static MessageFlags Flags(SqlRow row) =>
        new((SystemFlags)row.GetInt64(1), row.IsDBNull(2) ? "" : row.GetString(2));
}
