using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Postbell.Server.Commands;
using Postbell.Server.Http;
using Postbell.Server.Metrics;

namespace Postbell.Server.Hosting;

/// <summary>Kestrel with every TCP door that it carries: HTTP, the administration socket, IMAP, SMTP.</summary>
internal static class WebHost
{
    private const int MaxRequestBytes = 16 << 20;
    private static readonly TimeSpan s_closeTime = TimeSpan.FromSeconds(3);

    /// <summary>Binds and starts to answer. Dispose to stop.</summary>
    /// <exception cref="CommandFailedException">A port is taken.</exception>
    public static async Task<WebApplication> StartAsync(ServerParts parts, ILoggerFactory log, CancellationToken cancellation)
    {
        // Empty: nothing is read from the environment, the working folder or appsettings.json.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(parts.Time);
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(options => Json.Apply(options.SerializerOptions));
        // A body that cannot be read becomes a problem document like everything else.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = s_closeTime);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, parts));
        var app = builder.Build();
        app.UseProblemAnswers();
        app.UseAdminAccess(parts.Token);
        app.UseRouting();
        MapResources(app, parts);
        try
        {
            File.Delete(parts.Layout.AdminSocket);
            await app.StartAsync(cancellation);
        }
        catch (IOException taken)
        {
            await app.DisposeAsync();
            throw new CommandFailedException($"cannot listen: {taken.Message}");
        }

        if (parts.Layout.AdminSocketFits && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(parts.Layout.AdminSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        parts.Smtp.ProtectSocket();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, ServerParts parts)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        if (parts.Layout.AdminSocketFits)
        {
            kestrel.ListenUnixSocket(parts.Layout.AdminSocket, listen =>
            {
                Http1(listen);
                AdminAccess.TrustConnections(listen);
            });
        }

        foreach (var end in parts.Configuration.Web)
        {
            kestrel.Listen(end, Http1);
        }

        foreach (var end in parts.Configuration.Imap)
        {
            kestrel.Listen(end, listen => listen.Run(parts.Imap.OnConnectedAsync));
        }

        foreach (var end in parts.Configuration.ImapTls)
        {
            kestrel.Listen(end, listen => listen.Run(parts.Imap.OnTlsConnectedAsync));
        }

        parts.Smtp.Listen(kestrel);
    }

    private static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

    private static void MapResources(WebApplication app, ServerParts parts)
    {
        new HealthResource(parts).Map(app);
        var users = new UsersResource(parts);
        users.Map(app);
        new LocksResource(parts, users).Map(app);
        new SharesResource(parts, users).Map(app);
        new GreetingsResource(parts, users).Map(app);
        new StoreResource(parts, users).Map(app);
        new VacationResource(parts, users).Map(app);
        new RetentionResource(parts, users).Map(app);
        new TransferResource(parts, users).Map(app);
        new ErasureResource(parts, users).Map(app);
        new CallsResource(parts).Map(app);
        new CallTraceResource(parts).Map(app);
        new CallOrdersResource(parts).Map(app);
        new QueueResource(parts).Map(app);
        new OutboundResource(parts).Map(app);
        new TraceResource(parts).Map(app);
        new MetricsResource(new ServerMetrics(parts)).Map(app);
    }
}
