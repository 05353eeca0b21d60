namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows about refused sign-ins and about the networks people sign in from.</summary>
internal static class SignInTable
{
    public static List<SignInRecord> Records(SqlSession sql) => sql.Query(
        "SELECT subject, failures, locks, last_at, locked_until FROM sign_in_records",
        static row => new SignInRecord(row.GetString(0), (int)row.GetInt64(1), (int)row.GetInt64(2), At(row.GetInt64(3)), At(row.GetInt64(4))));

    public static void Save(SqlSession sql, SignInRecord record) => sql.Execute(
        "INSERT INTO sign_in_records (subject, failures, locks, last_at, locked_until) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject) DO UPDATE SET failures = $2, locks = $3, last_at = $4, locked_until = $5",
        record.Subject, (long)record.Failures, (long)record.Locks, record.LastAt.ToUnixTimeMilliseconds(), record.LockedUntil.ToUnixTimeMilliseconds());

    public static void Delete(SqlSession sql, string subject) => sql.Execute("DELETE FROM sign_in_records WHERE subject = $1", subject);

    public static void DeleteRecordsBefore(SqlSession sql, DateTimeOffset time) => sql.Execute(
        "DELETE FROM sign_in_records WHERE last_at < $1 AND locked_until < $1", time.ToUnixTimeMilliseconds());

    public static List<KnownNetwork> Networks(SqlSession sql) => sql.Query(
        "SELECT account_id, network, last_at FROM known_networks",
        static row => new KnownNetwork(row.GetInt64(0), row.GetString(1), At(row.GetInt64(2))));

    /// <summary>Notes a network and forgets all but the latest of the person.</summary>
    public static void NoteNetwork(SqlSession sql, KnownNetwork known, int keep)
    {
        sql.Execute(
            "INSERT INTO known_networks (account_id, network, last_at) VALUES ($1, $2, $3) ON CONFLICT (account_id, network) DO UPDATE SET last_at = $3",
            known.AccountId, known.Network, known.LastAt.ToUnixTimeMilliseconds());
        sql.Execute(
            "DELETE FROM known_networks WHERE account_id = $1 AND network NOT IN (SELECT network FROM known_networks WHERE account_id = $1 ORDER BY last_at DESC, network LIMIT $2)",
            known.AccountId, (long)keep);
    }

    public static void DeleteNetworksBefore(SqlSession sql, DateTimeOffset time) =>
        sql.Execute("DELETE FROM known_networks WHERE last_at < $1", time.ToUnixTimeMilliseconds());

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
