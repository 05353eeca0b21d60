using Postbell.Core;
using Postbell.Server.Hosting;
using Postbell.Telephony.Calls;

namespace Postbell.Server.Http;

/// <summary>
/// What an administrator can do with a running call: POST /api/v1/calls/transfer sends its caller on (204 once the gateway has taken the caller, 409 with the
/// reason when not), POST /api/v1/calls/hangup ends it; what was recorded is kept.
/// </summary>
internal sealed class CallOrdersResource(ServerParts parts)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/calls/transfer", TransferAsync);
        routes.MapPost("/api/v1/calls/hangup", Hangup);
    }

    private async Task<IResult> TransferAsync(CallOrder order, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(order.Target))
        {
            return Problem.Invalid("where to? target is missing");
        }

        if (Find(order.Call) is not { } id)
        {
            return NoCall(order);
        }

        var result = await parts.Telephone.Transfers.TransferAsync(id, order.Target, order.Attended, cancellation);
        return result.Problem switch
        {
            CallTransferProblem.None => Results.NoContent(),
            CallTransferProblem.NoSuchCall => NoCall(order),
            CallTransferProblem.TargetNotAllowed => Problem.Invalid($"{order.Target}: {result}"),
            _ => Problem.Conflict(result.ToString()),
        };
    }

    private IResult Hangup(CallOrder order)
    {
        if (Find(order.Call) is not { } id || parts.Telephone.Service.Calls.Find(id) is not { } call)
        {
            return NoCall(order);
        }

        call.Post(CallEnd.Administrator);
        return Results.NoContent();
    }

    private TraceId? Find(string? name) =>
        TraceId.TryParse(name, out var id) ? id : parts.Telephone.Service.Calls.Snapshot().FirstOrDefault(call => call.CallId == name)?.Id;

    private static IResult NoCall(CallOrder order) => Problem.NotFound($"no call \"{order.Call}\" is running");
}
