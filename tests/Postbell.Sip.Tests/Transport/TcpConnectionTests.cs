using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Transport;

/// <summary>The byte stream as real peers use and abuse it.</summary>
public sealed class TcpConnectionTests
{
    [Fact]
    public async Task Messages_in_pieces_and_several_at_once_are_answered_in_order_on_the_same_connection()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tcp);
        using var peer = await RawPeer.ConnectAsync(server.Address);
        var two = Options("1") + Options("2");

        await peer.SendAsync(two[..50]);
        await peer.SendAsync(two[50..333]);
        await peer.SendAsync(two[333..]);

        (await peer.ReadMessageAsync()).ShouldContain("Call-ID: tcp-1");
        (await peer.ReadMessageAsync()).ShouldContain("Call-ID: tcp-2");
    }

    [Fact]
    public async Task A_keep_alive_is_answered()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tcp);
        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync("\r\n\r\n");
        (await peer.ReadAsync(2)).ShouldBe("\r\n");
    }

    [Fact]
    public async Task A_message_that_cannot_be_framed_is_answered_and_the_connection_closed()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tcp);
        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync(Options("1").Replace("Content-Length: 0", "Content-Length: -5"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 400 Malformed Content-Length");
        (await peer.ReadAsync(1)).ShouldBe("");
    }

    [Fact]
    public async Task Garbage_does_not_stop_the_server()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tcp);
        for (var i = 0; i < 20; i++)
        {
            using var rubbish = await RawPeer.ConnectAsync(server.Address);
            await rubbish.SendAsync(new string((char)('!' + i), 200) + "\r\n\r\n");
        }

        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync(Options("1"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_answers_loses_its_connection()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tcp, change: options => options with { MaxQueuedBytesPerConnection = 50_000 });
        using var deaf = await RawPeer.ConnectAsync(server.Address);
        var batch = string.Concat(Enumerable.Range(0, 100).Select(i => Options(i.ToString())));
        var refused = false;
        for (var i = 0; i < 400 && !refused; i++)
        {
            try
            {
                await deaf.SendAsync(batch);
            }
            catch (SocketException)
            {
                refused = true;
            }
        }

        refused.ShouldBeTrue();
        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync(Options("other"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
    }

    [Fact]
    public async Task Connections_that_come_and_go_leave_one_timer()
    {
        await using var bench = await ManualTcp.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using (await RawPeer.ConnectAsync(bench.Address))
            {
                await bench.WaitForConnectionsAsync(1);
            }

            await bench.WaitForConnectionsAsync(0);
        }

        bench.PendingTimers.ShouldBe(1);
    }

    [Fact]
    public async Task More_connections_from_one_address_than_allowed_are_closed()
    {
        await using var server = await Loopback.StartAsync(SipTransport.Tcp, change: options => options with { MaxConnectionsPerAddress = 2 });
        using var first = await RawPeer.ConnectAsync(server.Address);
        using var second = await RawPeer.ConnectAsync(server.Address);
        await first.SendAsync(Options("1"));
        await first.ReadMessageAsync();
        await second.SendAsync(Options("2"));
        await second.ReadMessageAsync();

        using var third = await RawPeer.ConnectAsync(server.Address);
        (await third.ReadAsync(1)).ShouldBe("");
        server.Endpoint.Statistics.ConnectionsRefused.ShouldBe(1);
    }

    [Fact]
    public async Task An_idle_connection_and_one_that_never_finishes_its_message_are_closed()
    {
        await using var bench = await ManualTcp.StartAsync();
        using var idle = await RawPeer.ConnectAsync(bench.Address);
        using var slow = await RawPeer.ConnectAsync(bench.Address);
        await slow.SendAsync(Options("1")[..100]);
        await bench.WaitForConnectionsAsync(2);

        var slowFor = await bench.AdvanceUntilClosedAsync(slow, TimeSpan.FromSeconds(5));
        idle.HasEnded().ShouldBeFalse();
        var idleFor = slowFor + await bench.AdvanceUntilClosedAsync(idle, TimeSpan.FromSeconds(30));

        slowFor.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
        idleFor.ShouldBeInRange(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(49));
    }

    [Fact]
    public async Task A_quiet_connection_of_ours_gets_keep_alives_and_one_that_answered_must_go_on_answering()
    {
        await using var bench = await ManualTcp.StartAsync();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        bench.Ask((IPEndPoint)listener.LocalEndPoint!);
        using var peer = new RawPeer(await listener.AcceptAsync());
        (await peer.ReadMessageAsync()).ShouldStartWith("OPTIONS");

        bench.Advance(TimeSpan.FromSeconds(110));
        (await peer.ReadAsync(4)).ShouldBe("\r\n\r\n");
        await peer.SendAsync("\r\n");
        await peer.SendAsync(Options("after-pong"));
        (await peer.ReadMessageAsync()).ShouldContain("tcp-after-pong");
        peer.HasEnded().ShouldBeFalse();

        bench.Advance(TimeSpan.FromSeconds(110));
        (await peer.ReadAsync(4)).ShouldBe("\r\n\r\n");
        bench.Advance(TimeSpan.FromSeconds(20));
        (await peer.ReadAsync(1)).ShouldBe("");
    }

    [Fact]
    public async Task A_destination_that_refuses_gives_a_local_503()
    {
        await using var phone = await Loopback.StartAsync(SipTransport.Tcp);
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var nobody = (IPEndPoint)unused.LocalEndPoint!;
        var uri = SipUri.Create(null, nobody);

        var response = await phone.Endpoint.SendAsync(
            SipRequest.Create("OPTIONS", uri, new NameAddress(uri)), new SipDestination(SipTransport.Tcp, nobody));

        response.Status.ShouldBe(503);
        response.IsLocal.ShouldBeTrue();
    }

    [Fact]
    public async Task An_unknown_peer_gets_403_over_udp()
    {
        await using var server = await Loopback.StartAsync();
        await using var phone = await Loopback.StartAsync();
        server.Admitted = false;
        var log = new DialogLog();
        (await phone.Call(server, log).Final.WaitAsync(TimeSpan.FromSeconds(10))).Status.ShouldBe(403);
        log.Lines.ShouldBe(["failed 403"]);
    }

    private static string Options(string id) => SipBench.Lines(
        $"""
        OPTIONS sip:5000@127.0.0.1 SIP/2.0
        Via: SIP/2.0/TCP 127.0.0.1:5999;branch=z9hG4bKtcp{id}
        Max-Forwards: 70
        From: <sip:a@127.0.0.1>;tag=t{id}
        To: <sip:5000@127.0.0.1>
        Call-ID: tcp-{id}
        CSeq: 1 OPTIONS
        Content-Length: 0
        """);
}

/// <summary>A peer that writes bytes.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;
    private string _pending = "";

    public RawPeer(Socket socket) => _socket = socket;

    public static async Task<RawPeer> ConnectAsync(IPEndPoint to)
    {
        var peer = new RawPeer(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await peer._socket.ConnectAsync(to);
        return peer;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.Latin1.GetBytes(text)).WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Up to so many characters; fewer when the connection ended.</summary>
    public async Task<string> ReadAsync(int length)
    {
        while (_pending.Length < length && await FillAsync())
        {
        }

        return Cut(Math.Min(length, _pending.Length));
    }

    public async Task<string> ReadMessageAsync()
    {
        while (!_pending.Contains("\r\n\r\n") && await FillAsync())
        {
        }

        return Cut(_pending.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4);
    }

    public bool HasEnded() => _socket.Poll(50_000, SelectMode.SelectRead) && _socket.Available == 0;

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync()
    {
        var buffer = new byte[4096];
        try
        {
            var length = await _socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(10));
            _pending += Encoding.Latin1.GetString(buffer, 0, length);
            return length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Cut(int length)
    {
        var head = _pending[..length];
        _pending = _pending[length..];
        return head;
    }
}

/// <summary>A real TCP endpoint whose clock the test moves.</summary>
internal sealed class ManualTcp : IAsyncDisposable, ISipServer, ISipPeerPolicy
{
    private readonly TestKit.ManualTime _time = new();
    private readonly Postbell.Core.TimerWheel _wheel;
    private readonly SipEndpoint _endpoint;

    private ManualTcp()
    {
        _wheel = new Postbell.Core.TimerWheel(_time);
        var options = new SipEndpointOptions { Listen = [new SipListen(SipTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0))] };
        _endpoint = new SipEndpoint(options, this, _wheel, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
    }

    public IPEndPoint Address => _endpoint.Bound[0].EndPoint;

    public int PendingTimers => _wheel.Pending;

    public static async Task<ManualTcp> StartAsync()
    {
        var bench = new ManualTcp();
        await bench._endpoint.StartAsync(bench, CancellationToken.None);
        return bench;
    }

    public void Advance(TimeSpan by) => _time.Advance(by);

    public void Ask(IPEndPoint peer)
    {
        var uri = SipUri.Create(null, peer);
        _ = _endpoint.SendAsync(SipRequest.Create(SipMethods.Options, uri, new NameAddress(uri)), new SipDestination(SipTransport.Tcp, peer));
    }

    public async Task WaitForConnectionsAsync(int count)
    {
        for (var i = 0; i < 500 && _endpoint.Statistics.Connections != count; i++)
        {
            await Task.Delay(10);
        }

        _endpoint.Statistics.Connections.ShouldBe(count);
    }

    public Task<TimeSpan> AdvanceUntilClosedAsync(RawPeer peer, TimeSpan step)
    {
        var passed = TimeSpan.Zero;
        while (!peer.HasEnded() && passed < TimeSpan.FromMinutes(50))
        {
            _time.Advance(step);
            passed += step;
        }

        return Task.FromResult(passed);
    }

    public bool Admitted { get; set; } = true;

    public bool Admits(SipPeer peer) => Admitted;

    public void OnInvite(IncomingInvite invite) => invite.Reject(486);

    public void OnRequest(IncomingRequest request) => request.Respond(200);

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _wheel.Dispose();
    }
}
