using System.Net;
using Postbell.Sip.Authentication;
using Postbell.Sip.Tests.Transport;

namespace Postbell.Sip.Tests.Defence;

/// <summary>Connections of those the policy does not admit: few, short, and gone with the ban.</summary>
public sealed class StrangerConnectionTests
{
    [Fact]
    public async Task A_stranger_over_TCP_gets_its_403_and_the_connection_closes()
    {
        await using var server = await StrangersAsync();
        using var stranger = await RawPeer.ConnectAsync(server.Address);
        await stranger.SendAsync(TcpOptions("1"));
        (await stranger.ReadMessageAsync()).ShouldStartWith("SIP/2.0 403 Forbidden");
        (await stranger.ReadAsync(1)).ShouldBe("");
    }

    [Fact]
    public async Task A_ban_closes_the_strangers_open_connections_and_refuses_new_ones()
    {
        await using var server = await StrangersAsync(options => options with { Rates = new SipRateLimits { StrangerBurst = 3 } });
        using var waiting = await RawPeer.ConnectAsync(server.Address);
        await server.WaitForConnectionsAsync(1);
        for (var i = 0; i < 4; i++)
        {
            using var scanner = await RawPeer.ConnectAsync(server.Address);
            await scanner.SendAsync(TcpOptions($"{i}"));
            await scanner.ReadAsync(1);
        }

        (await waiting.ReadAsync(1)).ShouldBe("");
        server.Endpoint.Statistics.ActiveBans.ShouldBe(1);
        await server.WaitForConnectionsAsync(0);
        using var again = await RawPeer.ConnectAsync(server.Address);
        (await again.ReadAsync(1)).ShouldBe("");
        server.Endpoint.Statistics.ConnectionsRefused.ShouldBe(1);
    }

    [Fact]
    public async Task A_peer_at_a_banned_address_keeps_its_connection()
    {
        await using var server = await StrangersAsync(options => options with { Rates = new SipRateLimits { StrangerBurst = 3 } });
        server.Admitted = true;
        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync(TcpOptions("peer"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
        server.Admitted = false;
        for (var i = 0; i < 4; i++)
        {
            using var scanner = await RawPeer.ConnectAsync(server.Address);
            await scanner.SendAsync(TcpOptions($"{i}"));
            await scanner.ReadAsync(1);
        }

        server.Admitted = true;
        server.Endpoint.Statistics.ActiveBans.ShouldBe(1);
        await peer.SendAsync(TcpOptions("peer2"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
    }

    [Fact]
    public async Task A_stranger_has_only_so_many_connections_and_a_peer_more()
    {
        await using var server = await StrangersAsync(options => options with { MaxConnectionsPerStranger = 2 });
        using var first = await RawPeer.ConnectAsync(server.Address);
        using var second = await RawPeer.ConnectAsync(server.Address);
        using var third = await RawPeer.ConnectAsync(server.Address);
        (await third.ReadAsync(1)).ShouldBe("");
        server.Admitted = true;
        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync(TcpOptions("1"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
    }

    [Fact]
    public async Task The_oldest_of_strangers_connections_makes_room_for_a_new_one()
    {
        await using var server = await StrangersAsync(options => options with { MaxStrangerConnections = 2 });
        using var oldest = await RawPeer.ConnectAsync(server.Address);
        await server.WaitForConnectionsAsync(1);
        using var second = await RawPeer.ConnectAsync(server.Address);
        await server.WaitForConnectionsAsync(2);
        using var third = await RawPeer.ConnectAsync(server.Address);
        (await oldest.ReadAsync(1)).ShouldBe("");
        await third.SendAsync(TcpOptions("1"));
        (await third.ReadMessageAsync()).ShouldStartWith("SIP/2.0 403");
    }

    [Fact]
    public async Task A_stranger_that_drips_bytes_is_closed_after_its_time()
    {
        await using var bench = await ManualTcp.StartAsync();
        bench.Admitted = false;
        using var slow = await RawPeer.ConnectAsync(bench.Address);
        await bench.WaitForConnectionsAsync(1);
        for (var passed = 0; passed < 4; passed++)
        {
            await slow.SendAsync("\r\n\r\n");
            (await slow.ReadAsync(2)).ShouldBe("\r\n");
            bench.Advance(TimeSpan.FromSeconds(5));
        }

        bench.Advance(TimeSpan.FromSeconds(6));
        (await slow.ReadAsync(1)).ShouldBe("");
    }

    [Theory]
    [InlineData(SipTransport.Tls)]
    [InlineData(SipTransport.Ws)]
    public async Task Handshakes_that_fail_lead_to_a_ban_of_their_address(SipTransport transport)
    {
        await using var server = await Loopback.StartAsync(transport);
        server.Admitted = false;
        for (var i = 0; i < 11; i++)
        {
            using var scanner = await RawPeer.ConnectAsync(server.Address);
            await scanner.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            // To the end: what is said before it depends on the port.
            await scanner.ReadAsync(10_000);
        }

        await server.WaitForConnectionsAsync(0);
        server.Endpoint.Statistics.ActiveBans.ShouldBe(1);
        using var again = await RawPeer.ConnectAsync(server.Address);
        (await again.ReadAsync(1)).ShouldBe("");
        server.Endpoint.Statistics.ConnectionsRefused.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_no_failed_handshake()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tls);
        server.Admitted = false;
        for (var i = 0; i < 20; i++)
        {
            using (await RawPeer.ConnectAsync(server.Address))
            {
                await server.WaitForConnectionsAsync(1);
            }

            await server.WaitForConnectionsAsync(0);
        }

        server.Endpoint.Statistics.ActiveBans.ShouldBe(0);
    }

    [Fact]
    public async Task A_ban_by_forged_datagrams_does_not_keep_out_who_has_a_certificate()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tls, change: options => options with
        {
            Listen = [.. options.Listen, new SipListen(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
        });
        server.AdmitsPeer = static peer => peer.Identity is not null;
        await ForgeBanAsync(server);
        await using var gateway = await TlsPeer.ConnectAsync(server.Address, TlsBench.Certificate);
        await gateway.SendAsync(TlsBench.Options("gateway"));
        (await gateway.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
    }

    [Fact]
    public async Task A_ban_by_forged_datagrams_does_not_keep_out_who_has_credentials()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tcp, change: options => options with
        {
            Listen = [.. options.Listen, new SipListen(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
        });
        server.Admitted = false;
        await ForgeBanAsync(server);
        server.Account = new SipCredentials { User = "gateway", Password = "s3cret", Realm = "postbell" };
        using var gateway = await RawPeer.ConnectAsync(server.Address);
        await gateway.SendAsync(TcpOptions("gateway"));
        (await gateway.ReadMessageAsync()).ShouldStartWith("SIP/2.0 401");
    }

    private static async Task ForgeBanAsync(Loopback server)
    {
        using var forger = new System.Net.Sockets.UdpClient();
        for (var i = 0; i < 500 && server.Endpoint.Statistics.ActiveBans == 0; i++)
        {
            await forger.SendAsync(System.Text.Encoding.UTF8.GetBytes(TlsBench.Options($"{i}")), server.Endpoint.Bound[1].EndPoint);
            await Task.Yield();
        }

        SpinWait.SpinUntil(() => server.Endpoint.Statistics.ActiveBans == 1, TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    private static async Task<Loopback> StrangersAsync(Func<SipEndpointOptions, SipEndpointOptions>? change = null)
    {
        var server = await Loopback.StartAsync(SipTransport.Tcp, change: change);
        server.Admitted = false;
        return server;
    }

    private static string TcpOptions(string id) => TlsBench.Options(id).Replace("SIP/2.0/TLS", "SIP/2.0/TCP");
}
