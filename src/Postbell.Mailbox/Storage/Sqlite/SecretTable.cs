using System.Security.Cryptography;
using Postbell.Mailbox.Accounts;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Care for what is secret: keys of the store, and passwords as earlier versions kept them.</summary>
internal static class SecretTable
{
    private const string SaltKey = "salts";

    /// <summary>Makes what is missing, brings what is old into its new form. Once, when the store is opened.</summary>
    public static void Prepare(SqlSession sql)
    {
        sql.Execute("INSERT INTO store_keys (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", SaltKey, RandomNumberGenerator.GetBytes(32));
        var old = sql.Query(
            "SELECT account_id, iterations, salt, hash FROM secrets WHERE kind = 'password' AND length(hash) = 32",
            static row => (Account: row.GetInt64(0), Secret: new SecretHash((int)row.GetInt64(1), (byte[])row[2], (byte[])row[3])));
        foreach (var (account, secret) in old)
        {
            sql.Execute("UPDATE secrets SET hash = $2 WHERE account_id = $1 AND kind = 'password'", account, secret.ToKeys().Hash);
        }
    }

    /// <summary>The key behind salts of names that do not exist.</summary>
    public static byte[] FindSaltKey(SqlSession sql) =>
        sql.QueryFirst("SELECT value FROM store_keys WHERE name = $1", static row => (byte[])row[0], SaltKey)!;
}
