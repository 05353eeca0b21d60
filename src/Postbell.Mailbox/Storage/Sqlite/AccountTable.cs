using Postbell.Mailbox.Accounts;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows of accounts, their attributes, secrets and greetings.</summary>
internal static class AccountTable
{
    private const string Columns =
        "account_id, user_name, display_name, extension, dial_plan, policy, gateway, address, created_at, held_since";

    /// <summary>Next value of a counter of the whole store; values are never given twice.</summary>
    public static long NextValue(SqlSession sql, string counter, long atLeast = 1) =>
        sql.Number(
            "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = CASE WHEN counters.value + 1 > $2 THEN counters.value + 1 ELSE $2 END RETURNING value",
            counter, atLeast)!.Value;

    public static void Insert(SqlSession sql, Account account) => sql.Execute(
        "INSERT INTO accounts (account_id, user_name, user_key, display_name, extension, dial_plan, policy, gateway, address, created_at, modseq, last_folder_id, last_content_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, 0, 0)",
        account.Id, account.UserName, Key(account.UserName), account.DisplayName, account.Extension, account.DialPlan, account.Policy,
        account.Gateway, account.Address, account.CreatedAt.ToUnixTimeMilliseconds());

    public static bool Update(SqlSession sql, Account account) => sql.Execute(
        "UPDATE accounts SET user_name = $2, user_key = $3, display_name = $4, extension = $5, dial_plan = $6, policy = $7, gateway = $8, address = $9 WHERE account_id = $1",
        account.Id, account.UserName, Key(account.UserName), account.DisplayName, account.Extension, account.DialPlan, account.Policy,
        account.Gateway, account.Address) == 1;

    public static void ReplaceAttributes(SqlSession sql, Account account)
    {
        sql.Execute("DELETE FROM account_attributes WHERE account_id = $1", account.Id);
        foreach (var (name, value) in account.Attributes)
        {
            sql.Execute("INSERT INTO account_attributes (account_id, name, value) VALUES ($1, $2, $3)", account.Id, name, value);
        }
    }

    public static bool Exists(SqlSession sql, long accountId) =>
        sql.Number("SELECT 1 FROM accounts WHERE account_id = $1", accountId) is not null;

    public static long? FindId(SqlSession sql, string userName) =>
        sql.Number("SELECT account_id FROM accounts WHERE user_key = $1", Key(userName));

    public static Account? Find(SqlSession sql, long accountId) =>
        sql.QueryFirst("SELECT " + Columns + " FROM accounts WHERE account_id = $1", Map, accountId) is { } account
            ? account with { Attributes = Attributes(sql, accountId) }
            : null;

    public static Account? Find(SqlSession sql, string userName) =>
        sql.QueryFirst("SELECT " + Columns + " FROM accounts WHERE user_key = $1", Map, Key(userName)) is { } account
            ? account with { Attributes = Attributes(sql, account.Id) }
            : null;

    public static bool IsTeam(SqlSession sql, long accountId) => sql.Number(
        "SELECT 1 FROM account_attributes WHERE account_id = $1 AND name = $2 AND value = $3", accountId, Account.KindAttribute, Account.TeamKind) is not null;

    public static List<Account> List(SqlSession sql)
    {
        var accounts = sql.Query("SELECT " + Columns + " FROM accounts ORDER BY user_key", Map);
        return accounts.ConvertAll(account => account with { Attributes = Attributes(sql, account.Id) });
    }

    public static DateTimeOffset? HeldSince(SqlSession sql, long accountId) =>
        sql.Number("SELECT held_since FROM accounts WHERE account_id = $1", accountId) is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null;

    public static void SetHeldSince(SqlSession sql, long accountId, DateTimeOffset? since) =>
        sql.Execute("UPDATE accounts SET held_since = $2 WHERE account_id = $1", accountId, since?.ToUnixTimeMilliseconds());

    public static void Delete(SqlSession sql, long accountId)
    {
        TextIndexTable.DeleteAll(sql, accountId);
        RightsTable.DeleteGrantee(sql, accountId);
        MetadataTable.DeleteReader(sql, accountId);
        // Children first, so that the result does not hang on cascades; those are the net below.
        sql.Execute("DELETE FROM messages WHERE account_id = $1", accountId);
        sql.Execute("DELETE FROM removed WHERE account_id = $1", accountId);
        sql.Execute("DELETE FROM contents WHERE account_id = $1", accountId);
        sql.Execute("DELETE FROM accounts WHERE account_id = $1", accountId);
    }

    public static List<string> BlobNames(SqlSession sql, long accountId) => sql.Query(
        "SELECT blob_name FROM contents WHERE account_id = $1 UNION ALL SELECT blob_name FROM greetings WHERE account_id = $1",
        static row => row.GetString(0), accountId);

    public static List<string> AllBlobNames(SqlSession sql) =>
        sql.Query("SELECT blob_name FROM contents UNION ALL SELECT blob_name FROM greetings", static row => row.GetString(0));

    public static void SetSecret(SqlSession sql, long accountId, string kind, SecretHash secret, DateTimeOffset now) => sql.Execute(
        "INSERT INTO secrets (account_id, kind, iterations, salt, hash, changed_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, kind) DO UPDATE SET iterations = $3, salt = $4, hash = $5, changed_at = $6",
        accountId, kind, (long)secret.Iterations, secret.Salt, secret.Hash, now.ToUnixTimeMilliseconds());

    public static SecretHash? FindSecret(SqlSession sql, long accountId, string kind) => sql.QueryFirst<SecretHash?>(
        "SELECT iterations, salt, hash FROM secrets WHERE account_id = $1 AND kind = $2",
        static row => new SecretHash((int)row.GetInt64(0), (byte[])row[1], (byte[])row[2]), accountId, kind);

    /// <summary>Puts a greeting in place; returns the blob it replaces, or null.</summary>
    public static string? SetGreeting(SqlSession sql, long accountId, string name, Blobs.Blob? blob, DateTimeOffset now)
    {
        var former = sql.QueryFirst(
            "SELECT blob_name FROM greetings WHERE account_id = $1 AND name = $2", static row => row.GetString(0), accountId, name);
        sql.Execute("DELETE FROM greetings WHERE account_id = $1 AND name = $2", accountId, name);
        if (blob is not null)
        {
            sql.Execute(
                "INSERT INTO greetings (account_id, name, blob_name, checksum, size, changed_at) VALUES ($1, $2, $3, $4, $5, $6)",
                accountId, name, blob.Name, blob.Checksum, blob.Size, now.ToUnixTimeMilliseconds());
        }

        return former;
    }

    public static Blobs.Blob? FindGreeting(SqlSession sql, long accountId, string name) => sql.QueryFirst(
        "SELECT blob_name, checksum, size FROM greetings WHERE account_id = $1 AND name = $2",
        static row => new Blobs.Blob(row.GetString(0), (byte[])row[1], row.GetInt64(2)), accountId, name);

    private static string Key(string userName) => userName.ToLowerInvariant();

    private static Account Map(SqlRow row) => new()
    {
        Id = row.GetInt64(0),
        UserName = row.GetString(1),
        DisplayName = row.GetString(2),
        Extension = row.GetString(3),
        DialPlan = row.GetString(4),
        Policy = row.GetString(5),
        Gateway = row.GetString(6),
        Address = row.GetString(7),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
        HeldSince = row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
    };

    private static Dictionary<string, string> Attributes(SqlSession sql, long accountId)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in sql.Query(
            "SELECT name, value FROM account_attributes WHERE account_id = $1", static row => (row.GetString(0), row.GetString(1)), accountId))
        {
            attributes[name] = value;
        }

        return attributes;
    }
}
