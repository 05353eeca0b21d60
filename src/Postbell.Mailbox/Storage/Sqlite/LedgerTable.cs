using Postbell.Core;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Rows of the ledger.</summary>
internal static class LedgerTable
{
    public static void Append(SqlSession sql, TraceId trace, string stage, string detail, DateTimeOffset at)
    {
        var id = trace.ToString();
        var time = at.ToUnixTimeMilliseconds();
        var step = sql.Number(
            "INSERT INTO traces (trace_id, steps, last_at) VALUES ($1, 1, $2) ON CONFLICT (trace_id) DO UPDATE SET steps = traces.steps + 1, last_at = $2 RETURNING steps",
            id, time);
        sql.Execute("INSERT INTO ledger (trace_id, sequence, at, stage, detail) VALUES ($1, $2, $3, $4, $5)", id, step, time, stage, detail);
    }

    /// <summary>Deletes the ledgers of what was delivered to an account, and empties the lines of others that name it by one of the words.</summary>
    public static (int Traces, int Rows) Erase(SqlSession sql, long accountId, IReadOnlyList<string> words)
    {
        var traces = sql.Execute(
            "DELETE FROM traces WHERE trace_id IN (SELECT idempotency_key FROM deliveries WHERE account_id = $1)", accountId);
        var rows = 0;
        foreach (var word in words.Where(static word => word.Length >= 3).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            rows += sql.Execute("UPDATE ledger SET detail = '(erased)' WHERE instr(lower(detail), lower($1)) > 0", word);
        }

        return (traces, rows);
    }

    public static List<LedgerRow> Read(SqlSession sql, TraceId trace) => sql.Query(
        "SELECT trace_id, sequence, at, stage, detail FROM ledger WHERE trace_id = $1 ORDER BY sequence", Map, trace.ToString());

    public static List<LedgerRow> Recent(SqlSession sql, int count) => sql.Query(
        "SELECT l.trace_id, l.sequence, l.at, l.stage, l.detail FROM traces t JOIN ledger l ON l.trace_id = t.trace_id AND l.sequence = t.steps ORDER BY t.last_at DESC, t.trace_id DESC LIMIT $1",
        Map, (long)count);

    private static LedgerRow Map(SqlRow row)
    {
        _ = TraceId.TryParse(row.GetString(0), out var trace);
        return new LedgerRow(
            trace, (int)row.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetString(3), row.GetString(4));
    }
}
