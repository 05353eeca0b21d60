namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows of notes about mailboxes.</summary>
internal static class MetadataTable
{
    public const long Everybody = 0;

    public static List<MetadataEntry> List(SqlSession sql, long accountId, long folderId, long readerId) => sql.Query(
        "SELECT entry, value FROM metadata WHERE account_id = $1 AND folder_id = $2 AND reader_id IN (0, $3) ORDER BY entry",
        static row => new MetadataEntry(row.GetString(0), (byte[])row[1]), accountId, folderId, readerId);

    public static int Count(SqlSession sql, long accountId, long folderId, long readerId) => (int)sql.Number(
        "SELECT count(*) FROM metadata WHERE account_id = $1 AND folder_id = $2 AND reader_id = $3", accountId, folderId, readerId)!.Value;

    public static void Set(SqlSession sql, long accountId, long folderId, long readerId, string entry, byte[]? value)
    {
        sql.Execute("DELETE FROM metadata WHERE account_id = $1 AND folder_id = $2 AND reader_id = $3 AND entry = $4", accountId, folderId, readerId, entry);
        if (value is not null)
        {
            sql.Execute(
                "INSERT INTO metadata (account_id, folder_id, reader_id, entry, value) VALUES ($1, $2, $3, $4, $5)", accountId, folderId, readerId, entry, value);
        }
    }

    public static void DeleteFolder(SqlSession sql, long accountId, long folderId) =>
        sql.Execute("DELETE FROM metadata WHERE account_id = $1 AND folder_id = $2", accountId, folderId);

    public static void DeleteReader(SqlSession sql, long readerId) => sql.Execute("DELETE FROM metadata WHERE reader_id = $1", readerId);
}
