using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Defence;

/// <summary>Strangers who send too much are not heard for a while; peers are told to slow down, and never banned.</summary>
public sealed class BanTests : IDisposable
{
    private static readonly IPEndPoint Stranger = new(IPAddress.Parse("198.51.100.66"), 5060);

    private readonly SipBench _bench;

    public BanTests()
    {
        _bench = new SipBench(options => options with { Rates = new SipRateLimits { LongestBan = TimeSpan.FromMinutes(10), PeerCallsPerSecond = 5 } });
        _bench.Policy = static source => source.Address.Equals(SipBench.Peer.Address);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_stranger_who_sends_too_many_requests_is_banned_and_no_longer_answered()
    {
        // The request that goes too far is still answered.
        Scan(100).ShouldBe(21);
        _bench.Stack.Statistics.ActiveBans.ShouldBe(1);
        _bench.Stack.Statistics.Bans.ShouldBe(1);
        _bench.Stack.Statistics.DroppedMessages.ShouldBe(79);
        _bench.Log.Warnings.ShouldBe(["Security: banned 198.51.100.66 for 60 s, reason Requests, ban number 1"]);
    }

    [Fact]
    public void Bans_grow_up_to_the_longest_and_are_forgotten_after_good_behaviour()
    {
        foreach (var minutes in (int[])[1, 2, 4, 8, 10, 10])
        {
            Scan(40);
            _bench.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
            Scan(1).ShouldBe(0);
            _bench.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
            _bench.Stack.Statistics.ActiveBans.ShouldBe(0);
        }

        _bench.Advance(TimeSpan.FromMinutes(11), TimeSpan.FromSeconds(10));
        Scan(40);
        _bench.Log.Warnings[^1].ShouldBe("Security: banned 198.51.100.66 for 60 s, reason Requests, ban number 1");
    }

    [Fact]
    public void A_stranger_who_calls_again_and_again_is_banned_earlier()
    {
        for (var i = 0; i < 12; i++)
        {
            _bench.Receive(Wire.Invite($"z9hG4bKcall{i}", callId: $"call-{i}"), Stranger);
        }

        _bench.Log.Warnings.Single().ShouldContain("reason Calls");
        _bench.Invites.ShouldBeEmpty();
    }

    [Fact]
    public void A_stranger_who_sends_rubbish_is_banned_without_an_answer()
    {
        for (var i = 0; i < 20; i++)
        {
            _bench.Receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Stranger);
        }

        _bench.ShouldBeSilent();
        _bench.Log.Warnings.Single().ShouldContain("reason Malformed");
    }

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public void Keep_alives_in_datagrams_are_neither_answered_nor_counted_as_rubbish(string keepAlive)
    {
        for (var i = 0; i < 100; i++)
        {
            _bench.Receive(System.Text.Encoding.ASCII.GetBytes(keepAlive), Stranger);
        }

        _bench.ShouldBeSilent();
        _bench.Stack.Statistics.Bans.ShouldBe(0);
        _bench.Stack.Statistics.ParseFailures.ShouldBeEmpty();
    }

    [Fact]
    public void A_slow_stranger_is_refused_and_not_banned()
    {
        for (var i = 0; i < 100; i++)
        {
            Scan(1).ShouldBe(1);
            _bench.Advance(300);
        }

        _bench.Stack.Statistics.Bans.ShouldBe(0);
    }

    [Fact]
    public void A_peer_past_its_rate_gets_503_with_retry_after_and_is_never_banned()
    {
        _bench.Invited = static invite => invite.Reject(480);
        for (var i = 0; i < 500; i++)
        {
            _bench.Receive(Wire.Invite($"z9hG4bKpeer{i}", callId: $"peer-{i}"));
        }

        var answers = _bench.TakeAll().Select(sent => (SipResponse)sent.Message).ToList();
        answers.Count(answer => answer.Status == 480).ShouldBe(10);
        answers.Where(answer => answer.Status == 503).ShouldAllBe(answer => answer.Headers["Retry-After"] == "10");
        answers.Count(answer => answer.Status == 503).ShouldBe(490);
        _bench.Stack.Statistics.Bans.ShouldBe(0);
        _bench.Advance(1_100);
        _bench.TakeAll();
        _bench.Receive(Wire.Invite("z9hG4bKlater", callId: "later"));
        _bench.TakeResponse(100);
    }

    [Fact]
    public void A_flood_of_forged_sources_takes_no_memory_and_a_peer_is_served_in_it()
    {
        var log = new DialogLog();
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", log);
        for (var i = 0; i < 20_000; i++)
        {
            var source = new IPEndPoint(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 5060);
            _bench.Receive(Wire.Plain(i % 2 == 0 ? "REGISTER" : "SUBSCRIBE", $"z9hG4bK{i}", 1, $"flood-{i}", null), source);
            _bench.TakeResponse(403);
        }

        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
        _bench.Stack.Statistics.Bans.ShouldBe(0);
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        _bench.TakeResponse(200);
    }

    [Fact]
    public void The_answer_to_a_peers_request_of_ours_is_heard_although_its_address_is_banned()
    {
        Scan(40);
        var pending = new PendingResponse();
        var options = SipRequest.Create("OPTIONS", SipUri.Create("1", Stranger), new NameAddress(SipUri.Create("2", SipBench.Server)));
        _bench.Stack.Clients.Send(options, new SipDestination(SipTransport.Udp, Stranger), null, _bench.Stack.Stripe("x"), pending);
        _bench.Run();
        _bench.Receive(Wire.Response(_bench.TakeRequest("OPTIONS"), 200), Stranger);
        pending.Response.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_refusal_says_nothing_about_the_server()
    {
        _bench.Receive(Wire.Options(), Stranger);
        var refusal = _bench.TakeResponse(403);
        refusal.Headers.Select(header => header.Name).ShouldBe(["Via", "From", "To", "Call-ID", "CSeq", "Content-Length"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("INVITE")]
    [InlineData("REGISTER")]
    [InlineData("OPTIONS")]
    [InlineData("SUBSCRIBE")]
    public void Refusals_take_the_same_work_for_existing_and_missing_extensions(string method)
    {
        using var bench = new SipBench(options => options with { Rates = new SipRateLimits { StrangerRequestsPerSecond = 1_000_000, StrangerBurst = 1_000_000, StrangerCallsPerMinute = 100_000_000 } });
        bench.Policy = static _ => false;
        long Work(string extension)
        {
            var message = System.Text.Encoding.UTF8.GetBytes(SipBench.Lines(Wire.Plain(method, "z9hG4bKscan", 1, "scan", null).Replace("5000@", extension + "@")));
            return AllocationMeter.Least(50, _ =>
            {
                bench.Time.Advance(TimeSpan.FromMilliseconds(10));
                bench.Receive(message, Stranger);
                bench.TakeAll();
            });
        }

        Work("7000");
        Work("5000").ShouldBe(Work("6000"));
        bench.Invites.ShouldBeEmpty();
        bench.Requests.ShouldBeEmpty();
        bench.Stack.Statistics.Bans.ShouldBe(0);
    }

    /// <summary>Sends requests as a scanner does; the number of answers.</summary>
    private int Scan(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _bench.Receive(Wire.Plain("REGISTER", $"z9hG4bKscan{i}", 1, "scan", null), Stranger);
        }

        return _bench.TakeAll().Count(sent => sent.Message is SipResponse { Status: 403 });
    }
}
