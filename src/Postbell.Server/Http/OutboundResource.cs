using Postbell.Server.Hosting;
using Postbell.Smtp.Client;

namespace Postbell.Server.Http;

/// <summary>GET /api/v1/outbound: tries the smart host and says whether it would take mail.</summary>
internal sealed class OutboundResource(ServerParts parts)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/outbound", (CancellationToken cancellation) => TryAsync(cancellation));

    private async Task<IResult> TryAsync(CancellationToken cancellation)
    {
        if (parts.Outbound is not { } outbound)
        {
            return Results.Json(new OutboundReply(null, false, "no mail leaves this server: there is no smtp.outbound", 0), Json.Options);
        }

        var (ok, detail) = await TryAsync(outbound, cancellation);
        return Results.Json(new OutboundReply(outbound.Ways, ok, detail, outbound.Queue.Count), Json.Options);
    }

    private static async Task<(bool Ok, string Detail)> TryAsync(OutboundParts outbound, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            return (true, await outbound.TryAsync(limit.Token));
        }
        catch (SmtpSessionException failed)
        {
            return (false, failed.Message);
        }
        catch (IOException unreadable)
        {
            return (false, unreadable.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (false, $"{outbound.Ways} gave no answer within {s_patience.TotalSeconds:0} s");
        }
    }
}
