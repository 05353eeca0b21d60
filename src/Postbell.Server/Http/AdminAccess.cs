using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>Who may use /api: whoever can open the socket file in the data folder, and whoever has the token.</summary>
internal static class AdminAccess
{
    private const string Scheme = "Bearer ";

    /// <summary>Refuses requests under /api without either, before they reach a resource.</summary>
    public static void UseAdminAccess(this WebApplication app, AdminToken token) => app.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !IsLocalSocket(context) && !HasToken(context.Request, token))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problem.Unauthorized().ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    private static bool IsLocalSocket(HttpContext context) =>
        context.Features.Get<IConnectionEndPointFeature>()?.LocalEndPoint is UnixDomainSocketEndPoint;

    private static bool HasToken(HttpRequest request, AdminToken token) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && token.Matches(header[Scheme.Length..].Trim());
}
