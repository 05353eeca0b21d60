using Microsoft.Data.Sqlite;
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

    public static List<LedgerRow> Read(SqlSession sql, TraceId trace) => sql.Query(
        "SELECT trace_id, sequence, at, stage, detail FROM ledger WHERE trace_id = $1 ORDER BY sequence", Map, trace.ToString());

    public static List<LedgerRow> Recent(SqlSession sql, int count) => sql.Query(
        "SELECT l.trace_id, l.sequence, l.at, l.stage, l.detail FROM traces t JOIN ledger l ON l.trace_id = t.trace_id AND l.sequence = t.steps ORDER BY t.last_at DESC, t.trace_id DESC LIMIT $1",
        Map, (long)count);

    private static LedgerRow Map(SqliteDataReader row)
    {
        _ = TraceId.TryParse(row.GetString(0), out var trace);
        return new LedgerRow(
            trace, (int)row.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetString(3), row.GetString(4));
    }
}
