using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.AspNetCore.Hosting.Server;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Hosting;

/// <summary>The door on real sockets, as the server opens it.</summary>
public sealed class KestrelTests
{
    [Fact]
    public async Task A_socket_client_is_served_and_told_of_the_shutdown()
    {
        await using var server = await ImapServer.StartAsync();
        var (app, port, _) = await ListenAsync(server);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        (await reader.ReadLineAsync()).ShouldNotBeNull().ShouldStartWith("* OK");
        await client.GetStream().WriteAsync("a LOGIN ann \"correct horse\"\r\nb SELECT INBOX\r\n"u8.ToArray());
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line is not null && !line.StartsWith("b OK", StringComparison.Ordinal));
        var stopping = app.StopAsync();
        (await reader.ReadLineAsync()).ShouldBe("* BYE [UNAVAILABLE] The server is shutting down");
        (await reader.ReadLineAsync()).ShouldBeNull();
        await stopping;
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Many_idle_connections_are_held_and_all_hear_of_a_delivery()
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { Limits = new ImapLimits { ConnectionsPerAddress = 1000 } });
        var (app, port, _) = await ListenAsync(server);
        var clients = new List<TcpClient>();
        for (var i = 0; i < 100; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync("a LOGIN ann \"correct horse\"\r\nb SELECT INBOX\r\nc IDLE\r\n"u8.ToArray());
            clients.Add(client);
        }

        var readers = clients.ConvertAll(c => new StreamReader(c.GetStream(), Encoding.ASCII));
        foreach (var reader in readers)
        {
            await ReadToAsync(reader, "+ Idling");
        }

        await server.DeliverAsync(Mail.Simple("1"));
        foreach (var reader in readers)
        {
            await ReadToAsync(reader, "* 1 EXISTS");
        }

        clients.ForEach(c => c.Dispose());
        await app.DisposeAsync();
    }

    /// <summary>Listens in the clear and with TLS on free ports of the loopback interface.</summary>
    internal static async Task<(WebApplication App, int Port, int TlsPort)> ListenAsync(ImapServer server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Run(server.Handler.OnConnectedAsync));
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Run(server.Handler.OnTlsConnectedAsync));
        });
        var app = builder.Build();
        await app.StartAsync();
        var ports = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a).Port).ToArray();
        return (app, ports[0], ports[1]);
    }

    private static async Task ReadToAsync(StreamReader reader, string line)
    {
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10)) is { } came)
        {
            if (came == line)
            {
                return;
            }
        }

        throw new EndOfStreamException("Closed before " + line);
    }
}
