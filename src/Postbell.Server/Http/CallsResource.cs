using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/calls: the calls of this moment.</summary>
internal sealed class CallsResource(ServerParts parts)
{
    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/calls", () => Results.Json(
        new CallsReply([.. parts.Telephone.Service.Calls.Snapshot().Select(call => new CallRow(
            call.Id.ToString(), call.CallId, Caller(call.Caller, call.CallerName), call.Called, call.CalledName, call.Gateway, call.State, Math.Round(call.Duration.TotalSeconds, 1), QualityRow.Of(call.Quality)))]),
        Json.Options));

    private static string Caller(string number, string name) => name.Length == 0 ? number : $"{name} <{number}>";
}
