namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>How far the reading through everything is; kept so that it goes on after a restart. Times in milliseconds since 1970, 0 for never.</summary>
internal sealed record ScrubState
{
    private const string Prefix = "scrub_";

    public long StartedAt { get; init; }

    public long FinishedAt { get; init; }

    /// <summary>Account read last; 0 before the first.</summary>
    public long Account { get; init; }

    /// <summary>Its content read last.</summary>
    public long Content { get; init; }

    public long Checked { get; init; }

    public long Octets { get; init; }

    /// <summary>True when a round was begun and not ended.</summary>
    public bool IsUnderWay => StartedAt > FinishedAt;

    public static ScrubState Read(SqlSession sql)
    {
        var values = sql.Query("SELECT name, value FROM counters WHERE name LIKE 'scrub~_%' ESCAPE '~'", static row => (row.GetString(0), row.GetInt64(1)))
            .ToDictionary(static r => r.Item1, static r => r.Item2, StringComparer.Ordinal);
        return new ScrubState
        {
            StartedAt = Of("started"), FinishedAt = Of("finished"), Account = Of("account"), Content = Of("content"), Checked = Of("checked"), Octets = Of("octets"),
        };

        long Of(string name) => values.GetValueOrDefault(Prefix + name);
    }

    public void Write(SqlSession sql)
    {
        Set(sql, "started", StartedAt);
        Set(sql, "finished", FinishedAt);
        Set(sql, "account", Account);
        Set(sql, "content", Content);
        Set(sql, "checked", Checked);
        Set(sql, "octets", Octets);
    }

    private static void Set(SqlSession sql, string name, long value) => sql.Execute(
        "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2", Prefix + name, value);
}
