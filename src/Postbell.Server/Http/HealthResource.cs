using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/healthz: the process answers. /readyz: it can take calls and keep them. /api/v1/status: both, with detail.</summary>
internal sealed class HealthResource(ServerParts parts)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok\n"));
        routes.MapGet("/readyz", ReadyAsync);
        routes.MapGet("/api/v1/status", StatusAsync);
    }

    private async Task<IResult> ReadyAsync(CancellationToken cancellation)
    {
        var checks = await parts.Checks.RunAsync(cancellation);
        var ready = checks.All(check => check.Ok);
        return Results.Json(new ReadyReply(ready, checks), Json.Options, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<IResult> StatusAsync(CancellationToken cancellation)
    {
        var checks = await parts.Checks.RunAsync(cancellation);
        var reply = new StatusReply(
            ProductVersion.Text, checks.All(check => check.Ok), parts.StartedAt, (parts.Time.GetUtcNow() - parts.StartedAt).TotalSeconds,
            parts.Layout.Root, parts.ActiveCalls, parts.QueueLength, ListenPorts.Doors(parts.Configuration), checks,
            [.. parts.Telephone.Probes.Standings.Select(g => new ProbeRow(g.Gateway, g.State, g.Since, g.LastStatus, Math.Round(g.RoundTrip.TotalMilliseconds, 1)))],
            [.. parts.Telephone.Names.Gateways.Locations.Select(g => new GatewayNameRow(
                g.Gateway, g.HostName, [.. g.Destinations.Select(to => $"{to.Transport} {to.EndPoint}")], g.Problem, g.LookedUpAt))]);
        return Results.Json(reply, Json.Options);
    }

    private sealed record ReadyReply(bool Ready, IReadOnlyList<Check> Checks);
}
