using System.Net;
using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Authentication;

/// <summary>Peers that must show credentials: what they are asked, and what gets nobody in (attack checklist 6).</summary>
public sealed class DigestVerifierTests : IDisposable
{
    private static readonly IPEndPoint Stranger = new(IPAddress.Parse("198.51.100.7"), 5060);

    private readonly SipBench _bench = new() { Admitted = false };
    private int _branch;

    public DigestVerifierTests()
    {
        _bench.Accounts = new() { ["gw"] = new SipCredentials { User = "gw", Password = "open sesame" } };
        _bench.Invited = static invite => invite.Reject(486);
        _bench.Requested = static request => request.Respond(200);
    }

    public static TheoryData<string> Methods => ["INVITE", "SUBSCRIBE", "NOTIFY", "OPTIONS", "REFER"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_request_without_credentials_is_challenged_strongest_first_and_goes_on_with_them(string method)
    {
        using var bench = new SipBench { Admitted = false, Accounts = _bench.Accounts };
        bench.Invited = static invite => invite.Reject(486);
        bench.Requested = static request => request.Respond(200);
        bench.Receive(Request(method), Stranger);
        var challenge = bench.TakeResponse(401);
        var challenges = challenge.Headers.GetAll("WWW-Authenticate").ToArray();
        challenges.Length.ShouldBe(2);
        challenges[0].ShouldContain("algorithm=SHA-256");
        challenges[1].ShouldContain("algorithm=MD5");
        challenges.ShouldAllBe(line => line.Contains("realm=\"postbell\"") && line.Contains("qop=\"auth\"") && !line.Contains("stale"));
        bench.Invites.Count.ShouldBe(0);
        bench.Stack.Transactions.ServerCount.ShouldBe(0);

        foreach (var line in challenges)
        {
            bench.Receive(Request(method, Answer(line, method)), Stranger);
            bench.TakeAll().Select(sent => ((SipResponse)sent.Message).Status).Last().ShouldBe(method switch { "INVITE" => 486, "REFER" => 603, _ => 200 });
        }

        bench.Stack.Statistics.Authentications.ShouldBe([("Good", 2L), ("Missing", 1L)]);
    }

    [Fact]
    public void Who_is_behind_the_credentials_is_known_to_the_application()
    {
        SipPeer? peer = null;
        _bench.Requested = request =>
        {
            peer = request.Peer;
            request.Respond(200);
        };
        _bench.Receive(Request("OPTIONS", Answer(Challenge(), "OPTIONS")), Stranger);
        _bench.TakeResponse(200);
        peer!.Value.User.ShouldBe("gw");
    }

    [Fact]
    public void ACK_and_CANCEL_are_never_challenged_and_BYE_is()
    {
        IncomingInvite? invited = null;
        _bench.Invited = invite => invited = invite;
        var branch = NextBranch();
        _bench.Receive(Request("INVITE", Answer(Challenge("INVITE"), "INVITE"), branch), Stranger);
        _bench.TakeResponse(100);
        _bench.Receive(Wire.Cancel(branch).Replace("192.0.2.9", "198.51.100.7"), Stranger);
        _bench.TakeResponse(200);
        _bench.TakeResponse(487);

        _bench.Receive(Request("INVITE", Answer(Challenge("INVITE"), "INVITE"), call: "call-2"), Stranger);
        _bench.TakeResponse(100);
        var log = new DialogLog();
        invited!.Accept("answer"u8.ToArray(), "application/sdp", log);
        _bench.Run();
        var tag = _bench.TakeResponse(200).To.Tag!;
        _bench.Receive(InDialog("ACK", tag, 1), Stranger);
        log.LastAck.ShouldNotBeNull();
        _bench.Receive(InDialog("BYE", tag, 2), Stranger);
        var challenge = _bench.TakeResponse(401).Headers["WWW-Authenticate"]!;
        log.End.ShouldBeNull();
        _bench.Receive(InDialog("BYE", tag, 3, Answer(challenge, "BYE")), Stranger);
        _bench.TakeResponse(200);
        log.End!.Kind.ShouldBe(SipDialogEndKind.Bye);
    }

    [Fact]
    public void The_same_answer_twice_is_refused_as_stale()
    {
        var answer = Answer(Challenge(), "OPTIONS");
        _bench.Receive(Request("OPTIONS", answer), Stranger);
        _bench.TakeResponse(200);
        _bench.Receive(Request("OPTIONS", answer), Stranger);
        _bench.TakeResponse(401).Headers["WWW-Authenticate"]!.ShouldContain("stale=true");
    }

    [Fact]
    public void A_nonce_may_be_used_again_with_the_next_count_and_a_little_out_of_order()
    {
        var challenge = Challenge();
        foreach (var (count, status) in ((uint, int)[])[(1, 200), (3, 200), (2, 200), (2, 401), (100, 200), (36, 401), (37, 200), (0, 401)])
        {
            _bench.Receive(Request("OPTIONS", Answer(challenge, "OPTIONS", count: count)), Stranger);
            _bench.TakeResponse(status);
        }
    }

    [Fact]
    public void An_overheard_answer_is_worth_nothing_from_elsewhere()
    {
        var answer = Answer(Challenge(), "OPTIONS");
        var thief = new IPEndPoint(IPAddress.Parse("203.0.113.66"), 5060);
        _bench.Receive(Request("OPTIONS", answer), thief);
        _bench.TakeResponse(401);
        _bench.Receive(Request("INVITE", answer), Stranger);
        _bench.TakeResponse(401);
    }

    [Fact]
    public void An_old_nonce_is_stale_and_a_forged_one_tells_nothing_of_the_password()
    {
        var challenge = Challenge();
        _bench.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        _bench.Receive(Request("OPTIONS", Answer(challenge, "OPTIONS")), Stranger);
        _bench.TakeResponse(401).Headers["WWW-Authenticate"]!.ShouldContain("stale=true");

        foreach (var password in (string[])["open sesame", "wrong"])
        {
            _bench.Receive(Request("OPTIONS", Answer("Digest realm=\"postbell\", nonce=\"bm9uY2U\", algorithm=MD5, qop=\"auth\"", "OPTIONS", password: password)), Stranger);
            _bench.TakeResponse(401).Headers["WWW-Authenticate"]!.ShouldContain("stale=true");
        }
    }

    [Fact]
    public void A_nonce_for_one_algorithm_is_none_for_another()
    {
        var md5 = Challenge(index: 1);
        _bench.Receive(Request("OPTIONS", Answer(md5.Replace("MD5", "SHA-256"), "OPTIONS")), Stranger);
        _bench.TakeResponse(401);
    }

    [Fact]
    public void An_algorithm_that_is_not_good_enough_for_the_user_is_refused()
    {
        _bench.Accounts!["gw"] = new SipCredentials { User = "gw", Password = "open sesame", Algorithms = [DigestAlgorithm.Sha256] };
        _bench.Receive(Request("OPTIONS", Answer(Challenge(index: 1), "OPTIONS")), Stranger);
        _bench.TakeResponse(401);
        _bench.Receive(Request("OPTIONS", Answer(Challenge(index: 0), "OPTIONS")), Stranger);
        _bench.TakeResponse(200);
    }

    [Theory]
    [InlineData(", qop=auth", "", "Authorization Needs qop=auth")]
    [InlineData("qop=auth", "qop=auth-int", "Authorization Needs qop=auth")]
    [InlineData("nc=00000001", "nc=zz", "Malformed Authorization")]
    [InlineData("response=", "respons=", "Malformed Authorization")]
    [InlineData("Digest ", "Digest ,,=", "Malformed Authorization")]
    public void What_weakens_the_answer_is_refused_with_a_reason(string part, string instead, string reason)
    {
        var answer = Answer(Challenge(), "OPTIONS");
        answer.ShouldContain(part);
        _bench.Receive(Request("OPTIONS", answer.Replace(part, instead)), Stranger);
        _bench.TakeResponse(400).Reason.ShouldBe(reason);
    }

    [Fact]
    public void A_wrong_password_and_an_unknown_user_get_the_same_answer()
    {
        _bench.Receive(Request("OPTIONS", Answer(Challenge(), "OPTIONS", password: "wrong")), Stranger);
        var wrong = _bench.TakeResponse(401);
        _bench.Receive(Request("OPTIONS", Answer(Challenge(), "OPTIONS", user: "nobody")), Stranger);
        var unknown = _bench.TakeResponse(401);
        Shape(unknown).ShouldBe(Shape(wrong));
        _bench.Stack.Statistics.Authentications.ShouldContain(("Wrong", 2L));

        static string Shape(SipResponse response) => string.Join('\n', response.Headers.Select(header => $"{header.Name} {header.Value.Length}"));
    }

    [Fact]
    public void Credentials_for_another_realm_are_no_credentials()
    {
        var answer = Answer(Challenge(), "OPTIONS").Replace("realm=\"postbell\"", "realm=\"other\"");
        _bench.Receive(Request("OPTIONS", answer), Stranger);
        _bench.TakeResponse(401);
        _bench.Stack.Statistics.Authentications.ShouldContain(("Missing", 2L));
    }

    [Fact]
    public void Wrong_passwords_lead_to_a_ban()
    {
        for (var i = 0; i < 11; i++)
        {
            _bench.Receive(Request("OPTIONS", Answer(Challenge(), "OPTIONS", password: $"guess {i}")), Stranger);
            _bench.TakeAll();
            _bench.Advance(TimeSpan.FromMilliseconds(500));
        }

        _bench.Stack.Statistics.ActiveBans.ShouldBe(1);
        _bench.Log.Warnings.Last().ShouldContain("reason Credentials");
        _bench.Receive(Request("OPTIONS"), Stranger);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Who_only_knocks_too_often_is_banned_unless_he_was_let_in_before()
    {
        _bench.Receive(Request("OPTIONS", Answer(Challenge(), "OPTIONS")), Stranger);
        _bench.TakeAll();
        for (var i = 0; i < 60; i++)
        {
            _bench.Receive(Request("INVITE"), Stranger);
        }

        _bench.Stack.Statistics.Bans.ShouldBe(0);
        var other = new IPEndPoint(IPAddress.Parse("203.0.113.66"), 5060);
        for (var i = 0; i < 60; i++)
        {
            _bench.Receive(Request("INVITE"), other);
        }

        _bench.Stack.Statistics.Bans.ShouldBe(1);
    }

    [Fact]
    public void What_is_remembered_of_nonces_has_a_fixed_size_and_what_was_forgotten_is_refused()
    {
        var counts = new NonceCounts(2);
        counts.Take("a", 10, 1).ShouldBeTrue();
        counts.Take("b", 20, 1).ShouldBeTrue();
        counts.Take("c", 30, 1).ShouldBeTrue();
        counts.Take("a", 10, 2).ShouldBeFalse();
        counts.Take("d", 5, 1).ShouldBeFalse();
        counts.Take("c", 30, 2).ShouldBeTrue();
    }

    [Fact]
    public void Credentials_have_no_text_that_shows_the_password() =>
        new SipCredentials { User = "gw", Password = "open sesame" }.ToString().ShouldBe("gw");

    public void Dispose() => _bench.Dispose();

    private string Challenge(string method = "OPTIONS", int index = 0)
    {
        _bench.Receive(Request(method), Stranger);
        return _bench.TakeResponse(401).Headers.GetAll("WWW-Authenticate").ElementAt(index);
    }

    private string NextBranch() => $"z9hG4bKdigest{++_branch}";

    private string Request(string method, string? answer = null, string? branch = null, string? call = null)
    {
        var extra = answer is null ? "" : $"Authorization: {answer}";
        branch ??= NextBranch();
        call ??= $"call-{branch}";
        var text = method == "INVITE" ? Wire.Invite(branch, callId: call, extra: extra) : Wire.Plain(method, branch, 1, call, null, extra);
        return text.Replace("192.0.2.9", "198.51.100.7");
    }

    private string InDialog(string method, string tag, int number, string? answer = null) =>
        Wire.InDialog(method, tag, number, NextBranch(), "call-2", answer is null ? "" : $"Authorization: {answer}").Replace("192.0.2.9", "198.51.100.7");

    // A client that does what it is told, with counts of the test's choice.
    private static string Answer(string challenge, string method, string user = "gw", string password = "open sesame", uint count = 1)
    {
        DigestParameters.Parse(challenge, out var asked).ShouldBe(DigestParseFailure.None);
        var algorithm = DigestHash.AlgorithmOf(asked!["algorithm"])!.Value;
        var number = count.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var response = DigestHash.Respond(algorithm, user, asked["realm"]!, password, asked["nonce"]!, (number, "client"), method, "sip:5000@192.0.2.1");
        return $"Digest username=\"{user}\", realm=\"{asked["realm"]}\", nonce=\"{asked["nonce"]}\", uri=\"sip:5000@192.0.2.1\", response=\"{response}\", "
            + $"algorithm={asked["algorithm"]}, qop=auth, nc={number}, cnonce=\"client\"";
    }
}
