using Postbell.Core;
using Postbell.Server.Hosting;
using Postbell.Telephony.Calls;

namespace Postbell.Server.Http;

/// <summary>
/// What an administrator can do with a running call: POST /api/v1/calls/transfer sends its caller on (204 once the gateway has taken the caller, 409 with the
/// reason when not), POST /api/v1/calls/keys presses keys toward its gateway (204 once they are sent, 409 when the gateway refused one), POST
/// /api/v1/calls/hangup ends it; what was recorded is kept.
/// </summary>
internal sealed class CallOrdersResource(ServerParts parts)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/calls/transfer", TransferAsync);
        routes.MapPost("/api/v1/calls/keys", PressAsync);
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

    private async Task<IResult> PressAsync(CallOrder order, CancellationToken cancellation)
    {
        if (order.Keys is not { } keys || !InboundCall.AreKeys(keys))
        {
            return Problem.Invalid($"which keys? 1 to {InboundCall.MostKeys} of 0 to 9, *, #, A to D, and a comma for a second's pause");
        }

        if (Find(order.Call) is not { } id || parts.Telephone.Service.Calls.Find(id) is not { } call)
        {
            return NoCall(order);
        }

        var status = 0;
        await call.Executor.RunAsync(async () => status = await call.PressAsync(keys)).WaitAsync(cancellation);
        return status switch
        {
            200 => Results.NoContent(),
            481 => Problem.Conflict("the call ended"),
            491 => Problem.Conflict("other keys are being pressed in this call"),
            _ => Problem.Conflict($"the gateway refused a key: status {status}"),
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
