using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Postbell.Sip.Messages;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Transport;

/// <summary>SIP over TLS with certificates made here.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task A_peer_with_a_certificate_of_the_authority_is_known_by_its_names()
    {
        await using var server = await TlsBench.StartAsync();
        SipPeer? seen = null;
        server.Requested = request =>
        {
            seen = request.Peer;
            request.Respond(200);
        };
        using var certificate = TlsBench.Authority.Issue(["gw.example.com", "*.branch.example.com"]);
        await using var peer = await TlsPeer.ConnectAsync(server.Address, certificate);

        await peer.SendAsync(TlsBench.Options("1"));

        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
        seen!.Value.Transport.ShouldBe(SipTransport.Tls);
        seen.Value.Identity!.Names.ShouldBe(["gw.example.com", "*.branch.example.com"]);
        server.Endpoint.Statistics.TlsHandshakes.ShouldBe(1);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_gets_no_connection()
    {
        using var stranger = new TestAuthority("Somebody else");
        using var certificate = stranger.Issue(["gw.example.com"]);
        await RefusedAsync(certificate, SipTlsFailure.UntrustedCertificate);
    }

    [Fact]
    public async Task An_expired_certificate_gets_no_connection()
    {
        using var certificate = TlsBench.Authority.Issue(["gw.example.com"], until: TimeProvider.System.GetUtcNow().AddMinutes(-1));
        await RefusedAsync(certificate, SipTlsFailure.ExpiredCertificate);
    }

    [Fact]
    public async Task A_certificate_issued_for_something_else_gets_no_connection()
    {
        using var certificate = TlsBench.Authority.Issue(["gw.example.com"], purpose: "1.3.6.1.5.5.7.3.3");
        await RefusedAsync(certificate, SipTlsFailure.WrongPurpose);
    }

    [Fact]
    public async Task Who_shows_no_certificate_gets_no_connection() => await RefusedAsync(null, SipTlsFailure.NoCertificate);

    [Fact]
    public async Task Without_authorities_nobody_is_asked_for_a_certificate_and_nobody_is_called()
    {
        await using var server = await TlsBench.StartAsync(tls => tls with { Authorities = null });
        await using var peer = await TlsPeer.ConnectAsync(server.Address);
        await peer.SendAsync(TlsBench.Options("1"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");

        (await server.AskAsync(server.Destination)).Status.ShouldBe(503);
    }

    [Theory]
#pragma warning disable SYSLIB0039, CA5397, CA5398 // That they are weak is what is tested.
    [InlineData(SslProtocols.Tls11, false)]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning restore SYSLIB0039, CA5397, CA5398
    public async Task Versions_below_TLS_1_2_are_refused(SslProtocols version, bool good)
    {
        await using var server = await TlsBench.StartAsync();
        var connecting = TlsPeer.ConnectAsync(server.Address, TlsBench.Certificate, options => options.EnabledSslProtocols = version);
        if (!good)
        {
            await Should.ThrowAsync<Exception>(connecting);
            return;
        }

        await using var peer = await connecting;
        await peer.SendAsync(TlsBench.Options("1"));
        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
        peer.Protocol.ShouldBe(version);
    }

    [Fact]
    public async Task A_cipher_without_forward_secrecy_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Cipher suites can be chosen on Linux alone.");
        await using var server = await TlsBench.StartAsync();
        await Should.ThrowAsync<AuthenticationException>(TlsPeer.ConnectAsync(server.Address, TlsBench.Certificate, static options =>
        {
            options.EnabledSslProtocols = SslProtocols.Tls12;
#pragma warning disable CA1416 // Linux only, as said above.
            options.CipherSuitesPolicy = new CipherSuitesPolicy([TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384]);
#pragma warning restore CA1416
        }));
        await server.WaitForFailureAsync(SipTlsFailure.Refused);
    }

    [Fact]
    public async Task Plain_SIP_on_the_TLS_port_is_closed_and_counted()
    {
        await using var server = await TlsBench.StartAsync();
        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync(TlsBench.Options("1"));

        (await peer.ReadAsync(1)).ShouldBe("");
        await server.WaitForFailureAsync(SipTlsFailure.NotTls);
    }

    [Fact]
    public async Task Garbage_that_looks_like_TLS_is_closed_and_counted()
    {
        await using var server = await TlsBench.StartAsync();
        using var peer = await RawPeer.ConnectAsync(server.Address);
        await peer.SendAsync("\x16\x03\x01\x00\x20" + new string('\x7f', 32));

        await server.WaitForFailureAsync(SipTlsFailure.Refused);
    }

    [Fact]
    public async Task A_handshake_that_stops_half_way_is_closed_after_its_time()
    {
        await using var server = await TlsBench.StartAsync(tls => tls with { HandshakeTimeout = TimeSpan.FromMilliseconds(200) });
        using var silent = await RawPeer.ConnectAsync(server.Address);
        using var half = await RawPeer.ConnectAsync(server.Address);
        await half.SendAsync("\x16\x03\x01\x00\x70");

        (await half.ReadAsync(1)).ShouldBe("");
        (await silent.ReadAsync(1)).ShouldBe("");
        await server.WaitForFailureAsync(SipTlsFailure.Timeout);
    }

    [Fact]
    public async Task Slow_handshakes_cannot_keep_others_out()
    {
        await using var server = await TlsBench.StartAsync(tls => tls with { MaxHandshakes = 3, MaxHandshakesPerAddress = 100, HandshakeTimeout = TimeSpan.FromMinutes(5) });
        var slow = new List<RawPeer>();
        for (var i = 0; i < 12; i++)
        {
            slow.Add(await RawPeer.ConnectAsync(server.Address));
        }

        await using var peer = await TlsPeer.ConnectAsync(server.Address, TlsBench.Certificate);
        await peer.SendAsync(TlsBench.Options("1"));

        (await peer.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
        await server.WaitForFailureAsync(SipTlsFailure.Displaced);
        slow.ForEach(static s => s.Dispose());
    }

    [Fact]
    public async Task One_address_has_only_so_many_handshakes_at_once()
    {
        await using var server = await TlsBench.StartAsync(tls => tls with { MaxHandshakesPerAddress = 2, HandshakeTimeout = TimeSpan.FromMinutes(5) });
        using var first = await RawPeer.ConnectAsync(server.Address);
        using var second = await RawPeer.ConnectAsync(server.Address);
        using var third = await RawPeer.ConnectAsync(server.Address);

        (await third.ReadAsync(1)).ShouldBe("");
        await server.WaitForFailureAsync(SipTlsFailure.TooMany);
    }

    [Fact]
    public async Task Another_certificate_is_shown_from_the_next_handshake_on_and_running_connections_stay()
    {
        using var renewed = TlsBench.Authority.Issue(["localhost"], [IPAddress.Loopback], subject: "CN=renewed");
        var current = TlsBench.Context(TlsBench.Certificate);
        await using var server = await TlsBench.StartAsync(tls => tls with { Certificate = () => current });
        await using var before = await TlsPeer.ConnectAsync(server.Address, TlsBench.Certificate);

        current = TlsBench.Context(renewed);
        await using var after = await TlsPeer.ConnectAsync(server.Address, TlsBench.Certificate);

        after.ServerCertificate.Subject.ShouldBe("CN=renewed");
        await before.SendAsync(TlsBench.Options("1"));
        (await before.ReadMessageAsync()).ShouldStartWith("SIP/2.0 200");
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData(null, true)]
    [InlineData("elsewhere.example.com", false)]
    public async Task The_peer_we_call_must_carry_the_name_we_called(string? name, bool good)
    {
        await using var server = await TlsBench.StartAsync();
        await using var caller = await TlsBench.StartAsync();

        var response = await caller.AskAsync(server.Destination with { ServerName = name });

        response.Status.ShouldBe(good ? 200 : 503);
        caller.Endpoint.Statistics.TlsFailures.Select(f => f.Failure).ShouldBe(good ? [] : [SipTlsFailure.WrongName]);
    }

    [Fact]
    public async Task The_peer_we_call_must_lead_to_our_authority()
    {
        using var stranger = new TestAuthority("Somebody else");
        using var certificate = stranger.Issue(["localhost"], [IPAddress.Loopback]);
        await using var server = await TlsBench.StartAsync(_ => TlsBench.Options(certificate));
        await using var caller = await TlsBench.StartAsync();

        (await caller.AskAsync(server.Destination)).Status.ShouldBe(503);
        caller.Endpoint.Statistics.TlsFailures.Single().Failure.ShouldBe(SipTlsFailure.UntrustedCertificate);
    }

    [Fact]
    public async Task Requests_to_one_peer_share_a_connection()
    {
        await using var server = await TlsBench.StartAsync();
        await using var caller = await TlsBench.StartAsync();

        (await caller.AskAsync(server.Destination)).Status.ShouldBe(200);
        (await caller.AskAsync(server.Destination with { ServerName = "localhost" })).Status.ShouldBe(200);

        server.Endpoint.Statistics.TlsHandshakes.ShouldBe(1);
        caller.Endpoint.Statistics.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_offered_by_alias_takes_our_requests_to_the_peer()
    {
        await using var server = await TlsBench.StartAsync();
        await using var gateway = await TlsPeer.ConnectAsync(server.Address, TlsBench.Certificate);
        await gateway.SendAsync(TlsBench.Options("1", ";alias", viaPort: 45061));
        await gateway.ReadMessageAsync();

        _ = server.AskAsync(new SipDestination(SipTransport.Tls, new IPEndPoint(IPAddress.Loopback, 45061), "localhost"));

        (await gateway.ReadMessageAsync()).ShouldStartWith("OPTIONS sip:127.0.0.1:45061");
        server.Endpoint.Statistics.TlsHandshakes.ShouldBe(1);
    }

    [Fact]
    public async Task Our_address_says_TLS_in_Via_and_Contact_and_sips_only_where_the_peer_said_so()
    {
        await using var server = await TlsBench.StartAsync();
        server.Invited = static invite => invite.Accept("answer"u8.ToArray(), "application/sdp", new DialogLog());
        await using var phone = await TlsBench.StartAsync();
        var plain = phone.Call(server, new DialogLog());
        var answer = await plain.Final.WaitAsync(TimeSpan.FromSeconds(10));
        SipUri.TryParse($"sips:5000@127.0.0.1:{server.Address.Port}", out var secure).ShouldBeTrue();
        var secured = phone.Endpoint.Invite(
            new OutgoingCall { RequestUri = secure!, Destination = server.Destination, From = new NameAddress(secure!), Body = "offer"u8.ToArray() }, new DialogLog());
        var securedAnswer = await secured.Final.WaitAsync(TimeSpan.FromSeconds(10));

        plain.Request.Vias[0].ToString().ShouldStartWith($"SIP/2.0/TLS 127.0.0.1:{phone.Address.Port};");
        plain.Request.Headers["Contact"].ShouldBe($"<sip:127.0.0.1:{phone.Address.Port};transport=tls>");
        answer.Headers["Contact"].ShouldBe($"<sip:127.0.0.1:{server.Address.Port};transport=tls>");
        secured.Request.Headers["Contact"].ShouldBe($"<sips:127.0.0.1:{phone.Address.Port}>");
        securedAnswer.Headers["Contact"].ShouldBe($"<sips:127.0.0.1:{server.Address.Port}>");
    }

    private static async Task RefusedAsync(X509Certificate2? certificate, SipTlsFailure failure)
    {
        await using var server = await TlsBench.StartAsync();
        try
        {
            await using var peer = await TlsPeer.ConnectAsync(server.Address, certificate);
            await peer.SendAsync(TlsBench.Options("1"));
            (await peer.ReadMessageAsync()).ShouldBe("");
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException or SocketException)
        {
            // With TLS 1.3 the refusal may come after the client's side of the handshake, or within it.
        }

        await server.WaitForFailureAsync(failure);
        server.Endpoint.Statistics.RequestsReceived.ShouldBe(0);
    }
}
