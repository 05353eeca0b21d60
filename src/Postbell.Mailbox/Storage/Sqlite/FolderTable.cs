namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>A folder's row.</summary>
internal sealed record FolderRow(
    long Id, string Name, FolderUse Use, bool Selectable, uint UidValidity, uint UidNext, uint RecentFrom, long HighestModSeq, long PrunedModSeq);

/// <summary>Rows of folders and subscriptions.</summary>
internal static class FolderTable
{
    private const string Columns =
        "folder_id, name, special_use, selectable, uid_validity, uid_next, recent_from, highest_modseq, pruned_modseq";

    /// <summary>Next MODSEQ of the account.</summary>
    public static long NextModSeq(SqlSession sql, long accountId) =>
        sql.Number("UPDATE accounts SET modseq = modseq + 1 WHERE account_id = $1 RETURNING modseq", accountId)
        ?? throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");

    public static List<FolderRow> List(SqlSession sql, long accountId) =>
        sql.Query("SELECT " + Columns + " FROM folders WHERE account_id = $1", Map, accountId);

    public static FolderRow? Find(SqlSession sql, long accountId, string name) =>
        sql.QueryFirst("SELECT " + Columns + " FROM folders WHERE account_id = $1 AND name = $2", Map, accountId, name);

    public static FolderRow? Find(SqlSession sql, long accountId, long folderId) =>
        sql.QueryFirst("SELECT " + Columns + " FROM folders WHERE account_id = $1 AND folder_id = $2", Map, accountId, folderId);

    /// <summary>The folder, which must hold messages.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NotSelectable"/>.</exception>
    public static FolderRow Require(SqlSession sql, long accountId, string name) =>
        Selectable(Find(sql, accountId, name), name);

    /// <inheritdoc cref="Require(SqlSession, long, string)"/>
    public static FolderRow Require(SqlSession sql, long accountId, long folderId) =>
        Selectable(Find(sql, accountId, folderId), "It");

    public static FolderRow Insert(SqlSession sql, long accountId, string name, FolderUse use, DateTimeOffset now)
    {
        var id = sql.Number(
            "UPDATE accounts SET last_folder_id = last_folder_id + 1 WHERE account_id = $1 RETURNING last_folder_id", accountId)
            ?? throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");
        var modSeq = NextModSeq(sql, accountId);
        var folder = new FolderRow(id, name, use, Selectable: true, NextUidValidity(sql, now), 1, 1, modSeq, 0);
        sql.Execute(
            "INSERT INTO folders (account_id, folder_id, name, special_use, selectable, uid_validity, uid_next, recent_from, highest_modseq) VALUES ($1, $2, $3, $4, 1, $5, 1, 1, $6)",
            accountId, id, name, (long)use, (long)folder.UidValidity, modSeq);
        return folder;
    }

    /// <summary>A value no folder of the store ever had: the clock in seconds, or one more than the last.</summary>
    public static uint NextUidValidity(SqlSession sql, DateTimeOffset now) =>
        (uint)AccountTable.NextValue(sql, "uid_validity", now.ToUnixTimeSeconds());

    public static void SetName(SqlSession sql, long accountId, long folderId, string name) =>
        sql.Execute("UPDATE folders SET name = $3 WHERE account_id = $1 AND folder_id = $2", accountId, folderId, name);

    /// <summary>The folder stays as a name that only has children.</summary>
    public static void MakeBareName(SqlSession sql, long accountId, long folderId) =>
        sql.Execute("UPDATE folders SET selectable = 0 WHERE account_id = $1 AND folder_id = $2", accountId, folderId);

    public static void Delete(SqlSession sql, long accountId, long folderId)
    {
        MetadataTable.DeleteFolder(sql, accountId, folderId);
        sql.Execute("DELETE FROM folders WHERE account_id = $1 AND folder_id = $2", accountId, folderId);
    }

    public static void Touch(SqlSession sql, long accountId, long folderId, long modSeq) =>
        sql.Execute("UPDATE folders SET highest_modseq = $3 WHERE account_id = $1 AND folder_id = $2", accountId, folderId, modSeq);

    /// <summary>Hands out UIDs; returns the first.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public static uint TakeUids(SqlSession sql, long accountId, long folderId, int count, long modSeq) =>
        (uint)((sql.Number(
            "UPDATE folders SET uid_next = uid_next + $3, highest_modseq = $4 WHERE account_id = $1 AND folder_id = $2 RETURNING uid_next",
            accountId, folderId, (long)count, modSeq)
            ?? throw new MailboxException(MailboxFailure.NoSuchFolder, "There is no such folder.")) - count);

    public static void SetRecentFrom(SqlSession sql, long accountId, long folderId, uint uid) =>
        sql.Execute("UPDATE folders SET recent_from = $3 WHERE account_id = $1 AND folder_id = $2", accountId, folderId, (long)uid);

    public static List<string> Subscriptions(SqlSession sql, long accountId) =>
        sql.Query("SELECT name FROM subscriptions WHERE account_id = $1", static row => row.GetString(0), accountId);

    public static void SetSubscribed(SqlSession sql, long accountId, string name, bool subscribed)
    {
        sql.Execute("DELETE FROM subscriptions WHERE account_id = $1 AND name = $2", accountId, name);
        if (subscribed)
        {
            sql.Execute("INSERT INTO subscriptions (account_id, name) VALUES ($1, $2)", accountId, name);
        }
    }

    private static FolderRow Selectable(FolderRow? folder, string name)
    {
        if (folder is null)
        {
            throw new MailboxException(MailboxFailure.NoSuchFolder, "There is no such folder.");
        }

        return folder.Selectable ? folder : throw new MailboxException(MailboxFailure.NotSelectable, name + " holds folders only.");
    }

    private static FolderRow Map(SqlRow row) => new(
        row.GetInt64(0), row.GetString(1), (FolderUse)row.GetInt64(2), row.GetInt64(3) != 0, (uint)row.GetInt64(4), (uint)row.GetInt64(5),
        (uint)row.GetInt64(6), row.GetInt64(7), row.GetInt64(8));
}
