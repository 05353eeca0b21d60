using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Tests.Transport;

/// <summary>SIP over WebSocket as browsers and programs speak it, the framework's own client on the other side.</summary>
public sealed class WebSocketTests
{
    private const string Origin = "https://phone.example.com";

    [Theory]
    [InlineData(WebSocketMessageType.Text)]
    [InlineData(WebSocketMessageType.Binary)]
    public async Task A_request_in_one_message_is_answered_in_one_text_message(WebSocketMessageType type)
    {
        await using var server = await StartAsync();
        SipPeer? seen = null;
        server.Requested = request =>
        {
            seen = request.Peer;
            request.Respond(200);
        };
        using var peer = await WebSocketPeer.ConnectAsync(server.Address, origin: Origin);
        peer.Protocol.ShouldBe("sip");

        // RFC 7118 section 5: the message ends where the WebSocket message ends, so Content-Length may be left out.
        await peer.SendAsync(Options("1").Replace("Content-Length: 0\r\n", ""), type);

        (await peer.ReadAsync()).ShouldStartWith("SIP/2.0 200 OK\r\nVia: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKws1;received=127.0.0.1;rport=");
        seen!.Value.Transport.ShouldBe(SipTransport.Ws);
        seen.Value.Transport.IsEncrypted().ShouldBeFalse();
        server.Endpoint.Statistics.WebSockets.ShouldBe(1);
    }

    [Fact]
    public async Task Inside_TLS_the_peer_needs_no_certificate()
    {
        await using var server = await StartAsync(SipTransport.Wss, options => options with { Tls = TlsBench.Options() });
        SipPeer? seen = null;
        server.Requested = request =>
        {
            seen = request.Peer;
            request.Respond(200);
        };
        using var peer = await WebSocketPeer.ConnectAsync(server.Address, secure: true);
        await peer.SendAsync(Options("1", "WSS"));

        (await peer.ReadAsync()).ShouldStartWith("SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS ");
        seen!.Value.Transport.ShouldBe(SipTransport.Wss);
        seen.Value.Transport.IsEncrypted().ShouldBeTrue();
        seen.Value.Identity.ShouldBeNull();
    }

    [Fact]
    public async Task Our_requests_in_a_call_go_back_over_the_peers_connection()
    {
        await using var server = await StartAsync();
        var log = new DialogLog();
        var hangUp = new TaskCompletionSource<SipDialog>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Invited = invite =>
        {
            invite.Accept("answer"u8.ToArray(), "application/sdp", log);
            hangUp.SetResult(invite.Dialog);
        };
        using var peer = await WebSocketPeer.ConnectAsync(server.Address);
        await peer.SendAsync(Invite());
        (await peer.ReadAsync()).ShouldStartWith("SIP/2.0 100");
        var answer = await peer.ReadAsync();
        answer.ShouldStartWith("SIP/2.0 200");
        answer.ShouldContain($"Contact: <sip:127.0.0.1:{server.Address.Port};transport=ws>");

        var toTag = answer.Split(";tag=")[2].Split("\r\n")[0];
        await peer.SendAsync(Invite().Replace("INVITE", "ACK").Replace("To: <sip:5000@127.0.0.1>", $"To: <sip:5000@127.0.0.1>;tag={toTag}").Replace("wsinv", "wsack"));
        await log.Acknowledged;
        (await hangUp.Task).Bye();

        var bye = await peer.ReadAsync();
        bye.ShouldStartWith("BYE sip:anna@df7jal23ls0d.invalid;transport=ws SIP/2.0");
        bye.ShouldContain($"Via: SIP/2.0/WS 127.0.0.1:{server.Address.Port};branch=");
    }

    [Fact]
    public async Task A_request_to_a_peer_whose_connection_is_gone_fails_at_once()
    {
        await using var server = await StartAsync();
        var nowhere = new SipDestination(SipTransport.Ws, new IPEndPoint(IPAddress.Loopback, 9));
        (await server.AskAsync(nowhere)).Status.ShouldBe(503);
    }

    [Fact]
    public async Task A_double_line_break_is_answered_by_one()
    {
        await using var server = await StartAsync();
        using var peer = await WebSocketPeer.ConnectAsync(server.Address);
        await peer.SendAsync("\r\n\r\n");
        (await peer.ReadAsync()).ShouldBe("\r\n");
    }

    [Fact]
    public async Task A_quiet_connection_is_pinged()
    {
        await using var server = await StartAsync(change: o => o with { WebSocket = new SipWebSocketOptions { PingInterval = TimeSpan.FromMilliseconds(20) } });
        using var raw = await RawPeer.ConnectAsync(server.Address);
        await raw.SendAsync(Upgrade(server.Address));
        (await raw.ReadMessageAsync()).ShouldStartWith("HTTP/1.1 101 ");
        // FIN, opcode 9.
        (await raw.ReadAsync(1)).ShouldBe("\x89");
    }

    [Fact]
    public async Task A_peer_without_pongs_loses_its_connection()
    {
        await using var server = await StartAsync(change: o => o with
        {
            WebSocket = new SipWebSocketOptions { PingInterval = TimeSpan.FromMilliseconds(20), PongTimeout = TimeSpan.FromMilliseconds(20) },
        });
        using var raw = await RawPeer.ConnectAsync(server.Address);
        await raw.SendAsync(Upgrade(server.Address));
        (await raw.ReadMessageAsync()).ShouldStartWith("HTTP/1.1 101 ");
        // Ends: fewer than asked for.
        (await raw.ReadAsync(1_000_000)).Length.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public async Task A_message_larger_than_SIP_allows_ends_the_connection_with_1009()
    {
        await using var server = await StartAsync();
        using var peer = await WebSocketPeer.ConnectAsync(server.Address);
        await peer.SendAsync(new string('x', 70_000));
        (await peer.ReadCloseAsync()).ShouldBe(WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    public async Task A_goodbye_is_answered()
    {
        await using var server = await StartAsync();
        using var peer = await WebSocketPeer.ConnectAsync(server.Address);
        (await peer.CloseAsync()).ShouldBe(WebSocketCloseStatus.NormalClosure);
        await server.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task A_stop_of_ours_says_that_we_go_away()
    {
        var server = await StartAsync();
        using var peer = await WebSocketPeer.ConnectAsync(server.Address);
        await server.WaitForConnectionsAsync(1);
        await server.DisposeAsync();
        (await peer.ReadCloseAsync()).ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Fact]
    public async Task A_stranger_gets_its_403_and_then_the_close_code_of_a_policy()
    {
        await using var server = await StartAsync();
        server.Admitted = false;
        using var peer = await WebSocketPeer.ConnectAsync(server.Address);
        await peer.SendAsync(Options("1"));
        (await peer.ReadAsync()).ShouldStartWith("SIP/2.0 403");
        (await peer.ReadCloseAsync()).ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_program_without_a_gateways_address_proves_itself_by_credentials_and_keeps_its_connection()
    {
        await using var server = await StartAsync();
        server.Account = new SipCredentials { User = "softphone", Password = "s3cret", Realm = "postbell" };
        server.AdmitsPeer = static peer => peer.User == "softphone";
        using var peer = await WebSocketPeer.ConnectAsync(server.Address);
        await peer.SendAsync(Options("1"));
        var challenge = await peer.ReadAsync();
        challenge.ShouldStartWith("SIP/2.0 401");

        SipParser.Parse(Encoding.UTF8.GetBytes(challenge), new SipLimits(), false, out var message).ShouldBe(SipParseFailure.None);
        var responder = new DigestResponder(server.Account);
        responder.Take((SipResponse)message!).ShouldBe(DigestRefusal.None);
        var headers = new SipHeaders();
        SipUri.TryParse("sip:5000@127.0.0.1", out var uri).ShouldBeTrue();
        responder.AddTo(headers, "OPTIONS", uri!);
        await peer.SendAsync(Options("2").Replace("Content-Length: 0", $"Authorization: {headers["Authorization"]}\r\nContent-Length: 0"));
        (await peer.ReadAsync()).ShouldStartWith("SIP/2.0 200");
    }

    [Fact]
    public async Task A_frame_without_mask_ends_the_connection()
    {
        await using var server = await StartAsync();
        using var raw = await RawPeer.ConnectAsync(server.Address);
        await raw.SendAsync(Upgrade(server.Address));
        (await raw.ReadMessageAsync()).ShouldStartWith("HTTP/1.1 101 ");
        await raw.SendAsync("\x01\x05hello");
        (await raw.ReadAsync(1_000)).Length.ShouldBeLessThan(1_000);
        await server.WaitForConnectionsAsync(0);
    }

    [Theory]
    [InlineData("GET /", "POST /", "HTTP/1.1 405", SipWebSocketFailure.NotGet)]
    [InlineData("Protocol: sip", "Protocol: xmpp", "HTTP/1.1 400", SipWebSocketFailure.NoSipProtocol)]
    [InlineData("Version: 13", "Version: 12", "HTTP/1.1 426", SipWebSocketFailure.WrongVersion)]
    [InlineData("Host:", "Origin: https://evil.example\r\nHost:", "HTTP/1.1 403", SipWebSocketFailure.OriginRefused)]
    [InlineData("Upgrade: websocket\r\n", "", "HTTP/1.1 426", SipWebSocketFailure.NotUpgrade)]
    [InlineData("\r\n\r\n", "\r\n\r\nOPTIONS sip:x SIP/2.0", "HTTP/1.1 400", SipWebSocketFailure.EarlyData)]
    public async Task A_handshake_that_is_refused_says_why_and_is_counted(string good, string bad, string status, SipWebSocketFailure failure)
    {
        await using var server = await StartAsync();
        using var raw = await RawPeer.ConnectAsync(server.Address);
        await raw.SendAsync(Upgrade(server.Address).Replace(good, bad));
        (await raw.ReadMessageAsync()).ShouldStartWith(status);
        (await raw.ReadAsync(1)).ShouldBe("");
        server.Endpoint.Statistics.WebSocketFailures.ShouldBe([(failure, 1L)]);
    }

    [Fact]
    public async Task A_handshake_that_stops_half_way_is_closed_after_its_time()
    {
        await using var server = await StartAsync(change: o => o with { WebSocket = new SipWebSocketOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(100) } });
        using var raw = await RawPeer.ConnectAsync(server.Address);
        await raw.SendAsync("GET / HTTP/1.1\r\n");
        (await raw.ReadAsync(1)).ShouldBe("");
        server.Endpoint.Statistics.WebSocketFailures.ShouldBe([(SipWebSocketFailure.Timeout, 1L)]);
    }

    private static Task<Loopback> StartAsync(SipTransport transport = SipTransport.Ws, Func<SipEndpointOptions, SipEndpointOptions>? change = null) =>
        Loopback.StartAsync(transport, change: options =>
        {
            options = options with { WebSocket = new SipWebSocketOptions { AllowedOrigins = [Origin] } };
            return change?.Invoke(options) ?? options;
        });

    internal static string Upgrade(IPEndPoint to) =>
        $"GET / HTTP/1.1\r\nHost: {to}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n";

    internal static string Options(string id, string transport = "WS") => SipBench.Lines(
        $"""
        OPTIONS sip:5000@127.0.0.1 SIP/2.0
        Via: SIP/2.0/{transport} df7jal23ls0d.invalid;branch=z9hG4bKws{id};rport
        Max-Forwards: 70
        From: <sip:anna@127.0.0.1>;tag=t{id}
        To: <sip:5000@127.0.0.1>
        Call-ID: ws-{id}
        CSeq: 1 OPTIONS
        Content-Length: 0
        """);

    private static string Invite() => SipBench.Lines(
        """
        INVITE sip:5000@127.0.0.1 SIP/2.0
        Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKwsinv
        Max-Forwards: 70
        From: <sip:anna@127.0.0.1>;tag=ws
        To: <sip:5000@127.0.0.1>
        Call-ID: ws-call
        CSeq: 1 INVITE
        Contact: <sip:anna@df7jal23ls0d.invalid;transport=ws>
        Content-Length: 0
        """);
}

/// <summary>A WebSocket client.</summary>
internal sealed class WebSocketPeer : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[100_000];

    public string? Protocol => _socket.SubProtocol;

    public static async Task<WebSocketPeer> ConnectAsync(IPEndPoint to, bool secure = false, string? origin = null)
    {
        var peer = new WebSocketPeer();
        peer._socket.Options.AddSubProtocol("sip");
        if (origin is not null)
        {
            peer._socket.Options.SetRequestHeader("Origin", origin);
        }

        peer._socket.Options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        await peer._socket.ConnectAsync(new Uri($"{(secure ? "wss" : "ws")}://{to}/"), Deadline());
        return peer;
    }

    public Task SendAsync(string message, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message), type, endOfMessage: true, Deadline());

    public async Task<string> ReadAsync()
    {
        var received = await _socket.ReceiveAsync(_buffer, Deadline());
        received.MessageType.ShouldBe(WebSocketMessageType.Text);
        return Encoding.UTF8.GetString(_buffer, 0, received.Count);
    }

    /// <summary>Waits for the peer's goodbye.</summary>
    public async Task<WebSocketCloseStatus?> ReadCloseAsync()
    {
        (await _socket.ReceiveAsync(_buffer, Deadline())).MessageType.ShouldBe(WebSocketMessageType.Close);
        return _socket.CloseStatus;
    }

    public async Task<WebSocketCloseStatus?> CloseAsync()
    {
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Deadline());
        return _socket.CloseStatus;
    }

    public void Dispose() => _socket.Dispose();

    private static CancellationToken Deadline() => new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token;
}
