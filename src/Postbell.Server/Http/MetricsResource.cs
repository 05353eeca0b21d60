using Postbell.Server.Metrics;

namespace Postbell.Server.Http;

/// <summary>/metrics: for Prometheus. Holds no names and no numbers of people, so it needs no token.</summary>
internal sealed class MetricsResource(ServerMetrics metrics)
{
    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", () => Results.Text(metrics.Write(), PrometheusText.ContentType));
}
