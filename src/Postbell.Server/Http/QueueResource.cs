using Postbell.Core;
using Postbell.Delivery;
using Postbell.Server.Hosting;
using Postbell.Smtp.Outbound;

namespace Postbell.Server.Http;

/// <summary>
/// /api/v1/queue: messages between recording and mailbox, and those for other mail servers. POST /api/v1/queue/{id}/retry tries one at once,
/// DELETE /api/v1/queue/{id}?reason=... gives one for other servers up.
/// </summary>
internal sealed class QueueResource(ServerParts parts)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/queue", () => Results.Json(new QueueReply([.. parts.Delivery.QueueSnapshot().Select(Row), .. Outbound()]), Json.Options));
        routes.MapPost("/api/v1/queue/{id}/retry", Retry);
        routes.MapDelete("/api/v1/queue/{id}", Delete);
    }

    private IResult Retry(string id)
    {
        // Also a recording may be on its way to a mail server that did not answer a moment ago.
        parts.Outbound?.Forgive();
        return (TraceId.TryParse(id, out var trace) && parts.Delivery.RetryNow(trace)) || parts.Outbound?.Queue.RetryNow(id) == true
            ? Results.NoContent()
            : Problem.NotFound($"no message {id} waits for another try");
    }

    private IResult Delete(string id, string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            return Problem.Invalid("a reason is needed; the sender gets to read it");
        }

        return parts.Outbound?.Queue.Delete(id, DisplayText.Clean(reason)) == true
            ? Results.NoContent()
            : Problem.NotFound($"no message {id} for another mail server waits; recordings cannot be deleted here");
    }

    private IEnumerable<QueueRow> Outbound() => (parts.Outbound?.Queue.Snapshot() ?? []).Select(job => new QueueRow(
        job.Entry.Id, "outbound", string.Join(", ", job.Entry.Pending.Select(static d => d.Recipient.Address)), State(job.State), OutboundStage.Queued, false,
        job.Entry.FailedAttempts, Age(job.Entry.QueuedAt), job.State == OutboundQueueState.Retrying ? job.Entry.NextAttemptAt : null, job.Entry.LastProblem));

    private QueueRow Row(QueuedMessage message) => new(
        message.Id.ToString(), message.Kind.ToString().ToLowerInvariant(), message.RecipientName, message.State, message.Stage, message.Interrupted,
        message.FailedAttempts, Age(message.ReceivedAt), message.NextAttemptAt, message.LastError);

    private double Age(DateTimeOffset since) => Math.Max(0, (parts.Time.GetUtcNow() - since).TotalSeconds);

    private static QueueState State(OutboundQueueState state) => state switch
    {
        OutboundQueueState.Waiting => QueueState.Waiting,
        OutboundQueueState.Working => QueueState.Working,
        _ => QueueState.Retrying,
    };
}
