using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Sip.Messages;
using Postbell.Sip.Tests.Transport;

namespace Postbell.Sip.Tests.Defence;

/// <summary>Floods of strangers over real sockets, every door at once, while a known gateway does its work.</summary>
public sealed class FloodTests
{
    private static readonly string[] s_methods = ["REGISTER", "INVITE", "SUBSCRIBE", "MESSAGE", "OPTIONS"];

    [Fact]
    public async Task A_flood_by_UDP_TCP_and_WebSocket_leaves_nothing_behind_and_the_gateway_is_served_in_it()
    {
        await using var server = await Loopback.StartAsync(change: options => options with
        {
            Listen = [.. options.Listen, On(SipTransport.Tcp), On(SipTransport.Ws)],
        });
        server.AdmitsPeer = static peer => peer.EndPoint.Address.Equals(IPAddress.Loopback);
        server.Invited = static invite => invite.Reject(486);
        var (udp, tcp, ws) = (Bound(server, SipTransport.Udp), Bound(server, SipTransport.Tcp), Bound(server, SipTransport.Ws));
        await using var gateway = await Loopback.StartAsync();

        Task[] floods = [.. Enumerable.Range(0, 3).SelectMany(i => new[] { FloodUdpAsync(i, udp), FloodConnectionsAsync(i, tcp, ""), FloodConnectionsAsync(i, ws, WebSocketTests.Upgrade(ws)) })];
        for (var i = 0; i < 30; i++)
        {
            (await gateway.Call(server, new DialogLog()).Final.WaitAsync(TimeSpan.FromSeconds(60))).Status.ShouldBe(486);
        }

        await Task.WhenAll(floods);
        (await gateway.AskAsync(server.Destination)).Status.ShouldBe(200);

        var statistics = server.Endpoint.Statistics;
        statistics.Bans.ShouldBeGreaterThanOrEqualTo(9);
        statistics.Dialogs.ShouldBe(0);
        // What is left are the gateway's own, which absorb repetitions for a while.
        statistics.ServerTransactions.ShouldBeLessThanOrEqualTo(31);
        await server.WaitForConnectionsAsync(0);
    }

    private static SipListen On(SipTransport transport) => new(transport, new IPEndPoint(IPAddress.Loopback, 0));

    private static IPEndPoint Bound(Loopback server, SipTransport transport) => server.Endpoint.Bound.Single(listen => listen.Transport == transport).EndPoint;

    private static async Task FloodUdpAsync(int flooder, IPEndPoint to)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Parse($"127.0.1.{flooder + 1}"), 0));
        for (var i = 0; i < 3_000; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(Request(i, "UDP")), to);
        }
    }

    /// <summary>Opens connection after connection; each says its greeting and a batch of requests, reads nothing, and is cut off by us or by the server.</summary>
    private static async Task FloodConnectionsAsync(int flooder, IPEndPoint to, string greeting)
    {
        var from = IPAddress.Parse($"127.0.{(greeting.Length == 0 ? 2 : 3)}.{flooder + 1}");
        var batch = Encoding.UTF8.GetBytes(greeting + string.Concat(Enumerable.Range(0, 5).Select(i => Request(i, "TCP"))));
        for (var i = 0; i < 60; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(to);
                await socket.SendAsync(batch);
                if (i % 2 == 0)
                {
                    // Until the server cuts it off.
                    var answer = new byte[256];
                    while (await socket.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(30)) > 0)
                    {
                    }
                }
            }
            catch (SocketException)
            {
                // Cut off while sending.
            }
        }
    }

    private static string Request(int number, string transport) => SipBench.Lines(Wire
        .Plain(s_methods[number % s_methods.Length], $"z9hG4bKflood{number}", 1, $"flood-{number}", null, "Event: message-summary\nContact: <sip:a@192.0.2.9>")
        .Replace("SIP/2.0/UDP", $"SIP/2.0/{transport}"));
}
