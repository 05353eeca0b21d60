namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows about who may do what with folders of others. Grantee 0 is everybody.</summary>
internal static class RightsTable
{
    public const long Everybody = 0;

    /// <summary>What somebody may do with a folder of somebody else: what he was given, and what everybody was.</summary>
    public static FolderRights Find(SqlSession sql, long ownerId, long folderId, long granteeId) => (FolderRights)sql.Query(
        "SELECT rights FROM folder_rights WHERE account_id = $1 AND folder_id = $2 AND grantee_id IN ($3, 0)",
        static row => row.GetInt64(0), ownerId, folderId, granteeId).Aggregate(0L, static (all, one) => all | one);

    /// <summary>What somebody was given himself.</summary>
    public static FolderRights FindOwn(SqlSession sql, long ownerId, long folderId, long granteeId) => (FolderRights)(sql.Number(
        "SELECT rights FROM folder_rights WHERE account_id = $1 AND folder_id = $2 AND grantee_id = $3", ownerId, folderId, granteeId) ?? 0);

    public static List<FolderGrant> Grants(SqlSession sql, long ownerId, long folderId) => sql.Query(
        "SELECT a.user_name, r.rights FROM folder_rights r LEFT JOIN accounts a ON a.account_id = r.grantee_id WHERE r.account_id = $1 AND r.folder_id = $2 AND (r.grantee_id = 0 OR a.account_id IS NOT NULL) ORDER BY r.grantee_id",
        static row => new FolderGrant(row.IsDBNull(0) ? null : row.GetString(0), (FolderRights)row.GetInt64(1)), ownerId, folderId);

    /// <summary>Owners and folders of which somebody may see at least one thing.</summary>
    public static List<(long OwnerId, long FolderId, FolderRights Rights)> SharedWith(SqlSession sql, long granteeId) => sql.Query(
        "SELECT account_id, folder_id, rights FROM folder_rights WHERE grantee_id IN ($1, 0) AND account_id <> $1 ORDER BY account_id, folder_id",
        static row => (row.GetInt64(0), row.GetInt64(1), (FolderRights)row.GetInt64(2)), granteeId);

    public static void Set(SqlSession sql, long ownerId, long folderId, long granteeId, FolderRights rights)
    {
        sql.Execute("DELETE FROM folder_rights WHERE account_id = $1 AND folder_id = $2 AND grantee_id = $3", ownerId, folderId, granteeId);
        if (rights != FolderRights.None)
        {
            sql.Execute(
                "INSERT INTO folder_rights (account_id, folder_id, grantee_id, rights) VALUES ($1, $2, $3, $4)", ownerId, folderId, granteeId, (long)rights);
        }
    }

    /// <summary>A new folder is open to whom the one above it is (RFC 4314 section 3: what a new mailbox has is up to the server).</summary>
    public static void Inherit(SqlSession sql, long ownerId, long fromFolderId, long toFolderId) => sql.Execute(
        "INSERT INTO folder_rights (account_id, folder_id, grantee_id, rights) SELECT account_id, $3, grantee_id, rights FROM folder_rights WHERE account_id = $1 AND folder_id = $2",
        ownerId, fromFolderId, toFolderId);

    public static void DeleteGrantee(SqlSession sql, long granteeId) => sql.Execute("DELETE FROM folder_rights WHERE grantee_id = $1", granteeId);
}
