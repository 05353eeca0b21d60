using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/trace: the ledger.</summary>
internal sealed class TraceResource(ServerParts parts)
{
    private const int Latest = 50;

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/trace", async (CancellationToken cancellation) => Reply(await parts.Store.RecentLedgerAsync(Latest, cancellation)));
        routes.MapGet("/api/v1/trace/{id}", ShowAsync);
    }

    private async Task<IResult> ShowAsync(string id, CancellationToken cancellation)
    {
        if (!TraceId.TryParse(id, out var trace))
        {
            return Problem.Invalid($"\"{id}\" is no trace id");
        }

        var rows = await parts.Store.ReadLedgerAsync(trace, cancellation);
        return rows.Count == 0 ? Problem.NotFound($"nothing is known of {id}") : Reply(rows);
    }

    private static IResult Reply(IEnumerable<LedgerRow> rows) => Results.Json(
        new TraceReply([.. rows.Select(row => new TraceStep(row.TraceId.ToString(), row.Sequence, row.At, row.Stage, row.Detail))]), Json.Options);
}
