using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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

    /// <summary>Marks every connection of a listener as one that needs no token.</summary>
    public static void TrustConnections(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(TrustedConnection.Instance);
        return next(connection);
    });

    private static bool IsLocalSocket(HttpContext context) => context.Features.Get<TrustedConnection>() is not null;

    private static bool HasToken(HttpRequest request, AdminToken token) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && token.Matches(header[Scheme.Length..].Trim());

    private sealed class TrustedConnection
    {
        public static readonly TrustedConnection Instance = new();
    }
}
