using Postbell.Core;
using Postbell.Delivery;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/queue: messages between recording and mailbox. POST /api/v1/queue/{id}/retry tries one at once.</summary>
internal sealed class QueueResource(ServerParts parts)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/queue", () => Results.Json(new QueueReply([.. parts.Delivery.QueueSnapshot().Select(Row)]), Json.Options));
        routes.MapPost("/api/v1/queue/{id}/retry", Retry);
    }

    private IResult Retry(string id) =>
        TraceId.TryParse(id, out var trace) && parts.Delivery.RetryNow(trace)
            ? Results.NoContent()
            : Problem.NotFound($"no message {id} waits for another try");

    private QueueRow Row(QueuedMessage message) => new(
        message.Id.ToString(), message.Kind.ToString().ToLowerInvariant(), message.RecipientName, message.State, message.Stage, message.Interrupted,
        message.FailedAttempts, Math.Max(0, (parts.Time.GetUtcNow() - message.ReceivedAt).TotalSeconds), message.NextAttemptAt, message.LastError);
}
