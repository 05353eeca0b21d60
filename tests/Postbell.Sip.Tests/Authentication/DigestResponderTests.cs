using System.Net;
using Postbell.Core;
using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Tests.Authentication;

/// <summary>Our requests to peers that challenge: whom we answer, how, and how often (attack checklist 6).</summary>
public sealed class DigestResponderTests : IDisposable
{
    private const string Md5 = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";
    private const string Sha = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth,auth-int\", opaque=\"o\\\"p\"";

    private readonly SipBench _bench = new() { Ours = new SipCredentials { User = "postbell", Password = "open sesame", Realm = "pbx" } };

    public static TheoryData<string> Methods => ["OPTIONS", "SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_challenge_is_answered_once_in_a_new_transaction_with_the_next_number(string method)
    {
        var final = Send(method);
        var first = _bench.TakeRequest(method);
        Answer(first, 401, Md5);
        var second = _bench.TakeRequest(method);
        second.CSeq.Number.ShouldBe(2u);
        second.CallId.ShouldBe(first.CallId);
        second.From.Tag.ShouldBe(first.From.Tag);
        second.Vias[0].Branch.ShouldNotBe(first.Vias[0].Branch);
        second.Vias.Count.ShouldBe(1);
        Check(second.Headers["Authorization"]!, method, "n1", DigestAlgorithm.Md5);
        second.ToString().ShouldNotContain("sesame");
        Answer(second, 200);
        Final(final).Status.ShouldBe(200);
    }

    [Fact]
    public void The_strongest_algorithm_is_taken_and_opaque_given_back()
    {
        _ = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, $"{Md5}\n{Sha}");
        var again = _bench.TakeRequest("OPTIONS").Headers["Authorization"]!;
        Check(again, "OPTIONS", "n2", DigestAlgorithm.Sha256);
        again.ShouldContain("opaque=\"o\\\"p\"");
        again.ShouldContain("qop=auth,");
    }

    [Fact]
    public void A_weaker_algorithm_than_configured_is_not_answered()
    {
        _bench.Ours = new SipCredentials { User = "postbell", Password = "open sesame", Realm = "pbx", Algorithms = [DigestAlgorithm.Sha256] };
        Refused(Md5, DigestRefusal.OtherAlgorithm);
    }

    [Fact]
    public void Another_realm_never_sees_an_answer()
    {
        Refused(Md5.Replace("\"pbx\"", "\"PBX\""), DigestRefusal.OtherRealm);
        Refused(Md5.Replace("\"pbx\"", "\"evil\""), DigestRefusal.OtherRealm);
        Refused(Md5.Replace("\"pbx\"", "\"pbx\\\"\""), DigestRefusal.OtherRealm);
        Refused(Md5.Replace("realm=\"pbx\", ", ""), DigestRefusal.Malformed);
    }

    [Fact]
    public void Of_several_realms_only_ours_is_answered()
    {
        _ = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, $"{Sha.Replace("\"pbx\"", "\"evil\"")}\n{Md5}");
        Check(_bench.TakeRequest("OPTIONS").Headers["Authorization"]!, "OPTIONS", "n1", DigestAlgorithm.Md5);
    }

    [Theory]
    [InlineData("qop=\"auth-int\"", DigestRefusal.OtherProtection)]
    [InlineData("qop=\"\"", DigestRefusal.OtherProtection)]
    [InlineData("qop=\"auth\", algorithm=MD5", DigestRefusal.Malformed)]
    public void What_we_cannot_do_is_not_answered(string instead, DigestRefusal refusal) => Refused(Md5.Replace("qop=\"auth\"", instead), refusal);

    [Fact]
    public void An_unknown_algorithm_is_not_answered() => Refused(Md5.Replace("MD5", "SHA-512-256"), DigestRefusal.OtherAlgorithm);

    [Fact]
    public void A_challenge_of_before_RFC_2617_is_answered_as_it_was_then()
    {
        _ = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\"");
        var again = _bench.TakeRequest("OPTIONS");
        DigestParameters.Parse(again.Headers["Authorization"], out var shown);
        shown!["qop"].ShouldBeNull();
        shown["response"].ShouldBe(DigestHash.Respond(DigestAlgorithm.Md5, "postbell", "pbx", "open sesame", "n1", null, "OPTIONS", again.RequestUri.ToString()));
    }

    [Fact]
    public void Refused_credentials_are_not_shown_again_but_a_stale_nonce_is_renewed_once()
    {
        var final = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, Md5);
        Answer(_bench.TakeRequest("OPTIONS"), 401, Md5.Replace("n1", "n5") + ", stale=TRUE");
        var third = _bench.TakeRequest("OPTIONS");
        third.CSeq.Number.ShouldBe(3u);
        Check(third.Headers["Authorization"]!, "OPTIONS", "n5", DigestAlgorithm.Md5);
        Answer(third, 401, Md5.Replace("n1", "n6") + ", stale=true");
        _bench.ShouldBeSilent();
        Final(final).Status.ShouldBe(401);

        final = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, Md5);
        Answer(_bench.TakeRequest("OPTIONS"), 401, Md5.Replace("n1", "n7"));
        _bench.ShouldBeSilent();
        Final(final).Status.ShouldBe(401);
        _bench.Stack.Statistics.Challenges.ShouldContain((DigestRefusal.Refused, 2L));
    }

    [Fact]
    public void A_proxy_and_the_server_behind_it_both_get_their_answer()
    {
        var final = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 407, Md5.Replace("WWW-Authenticate", "Proxy-Authenticate"));
        var second = _bench.TakeRequest("OPTIONS");
        second.Headers.Contains("Authorization").ShouldBeFalse();
        Check(second.Headers["Proxy-Authorization"]!, "OPTIONS", "n1", DigestAlgorithm.Md5);
        Answer(second, 401, Sha);
        var third = _bench.TakeRequest("OPTIONS");
        Check(third.Headers["Proxy-Authorization"]!, "OPTIONS", "n1", DigestAlgorithm.Md5, "00000002");
        Check(third.Headers["Authorization"]!, "OPTIONS", "n2", DigestAlgorithm.Sha256);
        Answer(third, 200);
        Final(final).Status.ShouldBe(200);
    }

    [Fact]
    public void Without_credentials_a_challenge_is_the_answer()
    {
        _bench.Ours = null;
        var final = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, Md5);
        _bench.ShouldBeSilent();
        Final(final).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("\r\nEvil: yes")]
    [InlineData("\"\\, evil=\"yes")]
    public void Nothing_in_a_challenge_or_a_name_can_add_to_our_request(string text)
    {
        _bench.Ours = new SipCredentials { User = $"user{text}", Password = "open sesame", Realm = "pbx" };
        _ = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, Sha.Replace("n2", "n\\\"2\\\\"));
        var again = _bench.TakeRequest("OPTIONS");
        again.Headers.Contains("Evil").ShouldBeFalse();
        DigestParameters.Parse(again.Headers["Authorization"], out var shown).ShouldBe(DigestParseFailure.None);
        shown!["evil"].ShouldBeNull();
        shown["nonce"].ShouldBe("n\"2\\");
    }

    [Fact]
    public void A_call_is_authenticated_and_its_ACK_and_BYE_too()
    {
        var log = new DialogLog();
        var call = new OutgoingInvite(_bench.Stack, NewCall(), log);
        call.Begin();
        _bench.Run();
        Answer(_bench.TakeRequest("INVITE"), 401, Sha);
        _bench.TakeRequest("ACK").Headers.Contains("Authorization").ShouldBeFalse();
        var invite = _bench.TakeRequest("INVITE");
        invite.CSeq.Number.ShouldBe(2u);
        Check(invite.Headers["Authorization"]!, "INVITE", "n2", DigestAlgorithm.Sha256);
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:c@192.0.2.9:5060>", body: "answer"));
        var ack = _bench.TakeRequest("ACK");
        ack.CSeq.Number.ShouldBe(2u);
        ack.Headers["Authorization"].ShouldBe(invite.Headers["Authorization"]);

        call.Dialog!.Bye();
        _bench.Run();
        var bye = _bench.TakeRequest("BYE");
        bye.CSeq.Number.ShouldBe(3u);
        Answer(bye, 407, Md5.Replace("WWW-", "Proxy-"));
        var again = _bench.TakeRequest("BYE");
        again.CSeq.Number.ShouldBe(4u);
        Check(again.Headers["Proxy-Authorization"]!, "BYE", "n1", DigestAlgorithm.Md5);
        Answer(again, 200);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void A_call_with_refused_credentials_fails_once()
    {
        var log = new DialogLog();
        new OutgoingInvite(_bench.Stack, NewCall(), log).Begin();
        _bench.Run();
        Answer(_bench.TakeRequest("INVITE"), 401, Md5);
        _bench.TakeRequest("ACK");
        Answer(_bench.TakeRequest("INVITE"), 401, Md5.Replace("n1", "n2"));
        _bench.TakeRequest("ACK");
        _bench.ShouldBeSilent();
        log.Lines.ShouldBe(["failed 401"]);
    }

    [Fact]
    public void A_change_of_the_session_is_authenticated_and_acknowledged_with_its_credentials()
    {
        var log = new DialogLog();
        var call = new OutgoingInvite(_bench.Stack, NewCall(), log);
        call.Begin();
        _bench.Run();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 200, extra: "Contact: <sip:c@192.0.2.9:5060>", body: "answer"));
        _bench.TakeRequest("ACK");
        var offered = call.Dialog!.OfferAsync("offer 2"u8.ToArray());
        _bench.Run();
        Answer(_bench.TakeRequest("INVITE"), 407, Md5.Replace("WWW-", "Proxy-"));
        _bench.TakeRequest("ACK");
        var again = _bench.TakeRequest("INVITE");
        again.CSeq.Number.ShouldBe(3u);
        again.Headers.CountOf("Contact").ShouldBe(1);
        _bench.Receive(Wire.Response(again, 200, extra: "Contact: <sip:c@192.0.2.9:5060>", body: "answer"));
        var ack = _bench.TakeRequest("ACK");
        ack.CSeq.Number.ShouldBe(3u);
        ack.Headers["Proxy-Authorization"].ShouldBe(again.Headers["Proxy-Authorization"]);
        offered.IsCompletedSuccessfully.ShouldBeTrue();
    }

    public void Dispose() => _bench.Dispose();

    private static OutgoingCall NewCall() => new()
    {
        RequestUri = SipUri.Create("5000", SipBench.Peer),
        Destination = new SipDestination(SipTransport.Udp, SipBench.Peer),
        From = new NameAddress(SipUri.Create("postbell", SipBench.Server)),
        Body = "offer"u8.ToArray(),
    };

    private static void Check(string value, string method, string nonce, DigestAlgorithm algorithm, string count = "00000001")
    {
        DigestParameters.Parse(value, out var shown).ShouldBe(DigestParseFailure.None);
        shown!["nonce"].ShouldBe(nonce);
        shown["realm"].ShouldBe("pbx");
        shown["username"].ShouldBe("postbell");
        shown["nc"].ShouldBe(count);
        shown["algorithm"].ShouldBe(DigestHash.NameOf(algorithm));
        shown["response"].ShouldBe(DigestHash.Respond(algorithm, "postbell", "pbx", "open sesame", nonce, (count, shown["cnonce"]!), method, shown["uri"]!));
    }

    private void Refused(string challenge, DigestRefusal refusal)
    {
        var before = _bench.Stack.Statistics.Challenges.FirstOrDefault(row => row.Refusal == refusal).Count;
        var final = Send("OPTIONS");
        Answer(_bench.TakeRequest("OPTIONS"), 401, challenge);
        _bench.ShouldBeSilent();
        Final(final).Status.ShouldBe(401);
        _bench.Stack.Statistics.Challenges.ShouldContain((refusal, before + 1));
    }

    private Task<SipResponse> Send(string method)
    {
        var pending = new PendingResponse();
        var request = SipRequest.Create(method, SipUri.Create("1001", SipBench.Peer), new NameAddress(SipUri.Create("postbell", SipBench.Server)));
        _bench.Stack.Clients.Deliver(request, [new SipDestination(SipTransport.Udp, SipBench.Peer)], null, _bench.Stack.Stripe("x"), pending).ShouldBeTrue();
        _bench.Run();
        return pending.Response;
    }

    private void Answer(SipRequest request, int status, string extra = "") => _bench.Receive(Wire.Response(request, status, extra: extra));

    private static SipResponse Final(Task<SipResponse> task)
    {
        task.IsCompletedSuccessfully.ShouldBeTrue();
        return task.GetAwaiter().GetResult();
    }
}
