using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Core.Resolution;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using Postbell.Sip.Resolution;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Resolution;

/// <summary>
/// The receive path never waits for DNS: with a resolver that swallows every question and names in Via, Contact, Route and Record-Route, everything is
/// still answered, at the address it came from.
/// </summary>
public sealed class HostileNamesTests
{
    private const int Calls = 200;

    [Fact]
    public async Task Names_in_every_header_and_a_dead_resolver_keep_nobody_waiting()
    {
        await using var dns = new TestNameServer { IsBlackHole = true };
        var locator = new SipLocator(new DnsResolver(new DnsOptions { Servers = [dns.Address] }, TimeProvider.System), [SipTransport.Udp], new Random(1));
        await using var server = await Loopback.StartAsync(change: options => options with { Locator = locator });
        var logs = new List<DialogLog>();
        server.Invited = invite =>
        {
            var log = new DialogLog();
            lock (logs)
            {
                logs.Add(log);
            }

            invite.Accept("answer"u8.ToArray(), "application/sdp", log);
        };

        using var phone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 22 };
        phone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await phone.ConnectAsync(server.Address);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        for (var i = 0; i < Calls; i++)
        {
            await phone.SendAsync(Message("INVITE", i, 1, ""), limit.Token);
            var answered = await AnswerAsync(phone, i, limit.Token);
            await phone.SendAsync(Message("ACK", i, 1, answered.To.Tag!), limit.Token);
            await phone.SendAsync(Message("BYE", i, 2, answered.To.Tag!), limit.Token);
            (await AnswerAsync(phone, i, limit.Token)).CSeq.Method.ShouldBe("BYE");
        }

        foreach (var log in logs)
        {
            (await log.Ended).Kind.ShouldBe(SipDialogEndKind.Bye);
        }

        // Only so many names were looked up at once, the rest not at all, and none of a Via.
        server.Endpoint.Statistics.SkippedLookups.ShouldBeGreaterThan(0);
        dns.Questions.ShouldAllBe(question => question.Contains("route", StringComparison.Ordinal));
        dns.Questions.Select(question => question.Split(' ')[1]).Distinct().Count().ShouldBeLessThanOrEqualTo(64);
    }

    [Fact]
    public async Task Our_BYE_goes_to_where_the_name_leads_once_it_was_found()
    {
        await using var dns = new TestNameServer();
        var locator = new SipLocator(new DnsResolver(new DnsOptions { Servers = [dns.Address] }, TimeProvider.System), [SipTransport.Udp], new Random(1));
        await using var server = await Loopback.StartAsync(change: options => options with { Locator = locator });
        dns.Address4("route.test", "127.0.0.1");
        IncomingInvite? invited = null;
        var log = new DialogLog();
        server.Invited = invite =>
        {
            invited = invite;
            invite.Accept("answer"u8.ToArray(), "application/sdp", log);
        };
        using var phone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        phone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var proxy = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        proxy.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await phone.ConnectAsync(server.Address);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await phone.SendAsync(Message("INVITE", 0, 1, "", $"route.test:{((IPEndPoint)proxy.LocalEndPoint!).Port}"), limit.Token);
        var answered = await AnswerAsync(phone, 0, limit.Token);
        await phone.SendAsync(Message("ACK", 0, 1, answered.To.Tag!), limit.Token);
        await log.Acknowledged;
        await dns.AskedAsync();
        await dns.AskedAsync();
        // The look-up runs beside the call; INFO goes one way or the other until it is there.
        var buffer = new byte[65536];
        while (proxy.Available == 0)
        {
            _ = invited!.Dialog.SendAsync("INFO", cancellation: limit.Token);
            await Task.Delay(20, limit.Token);
        }

        var length = await proxy.ReceiveAsync(buffer, limit.Token);
        SipParser.Parse(buffer.AsSpan(0, length), new SipLimits(), false, out var info).ShouldBe(SipParseFailure.None);
        ((SipRequest)info!).Method.ShouldBe("INFO");
        info.Headers["Route"]!.ShouldContain("route.test");
    }

    private static byte[] Message(string method, int call, int number, string tag, string route = "") => Encoding.UTF8.GetBytes(SipBench.Lines(
        $"""
        {method} sip:5000@127.0.0.1 SIP/2.0
        Via: SIP/2.0/UDP via{call}.hostile.test:5999;branch=z9hG4bK{method}{call};rport
        Via: SIP/2.0/UDP behind{call}.hostile.test
        Max-Forwards: 70
        Record-Route: <sip:{(route.Length > 0 ? route : $"route{call}.hostile.test")};lr>
        Route: <sip:127.0.0.1;lr>
        From: <sip:caller{call}@from{call}.hostile.test>;tag=caller
        To: <sip:5000@127.0.0.1>{(tag.Length > 0 ? ";tag=" + tag : "")}
        Call-ID: hostile-{call}
        CSeq: {number} {method}
        Contact: <sip:caller@contact{call}.hostile.test:5998>
        Content-Length: 0
        """));

    /// <summary>The next final response of a call; what else comes (100, requests, repetitions) is passed over.</summary>
    private static async Task<SipResponse> AnswerAsync(Socket phone, int call, CancellationToken cancellation)
    {
        var buffer = new byte[65536];
        while (true)
        {
            var length = await phone.ReceiveAsync(buffer, cancellation);
            SipParser.Parse(buffer.AsSpan(0, length), new SipLimits(), false, out var message).ShouldBe(SipParseFailure.None);
            if (message is SipResponse { IsProvisional: false } response && response.CallId == $"hostile-{call}")
            {
                return response;
            }
        }
    }
}
