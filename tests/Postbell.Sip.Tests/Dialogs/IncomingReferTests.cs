using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Peers that ask us to call somebody else.</summary>
public sealed class IncomingReferTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();
    private readonly List<IncomingRefer> _refers = [];

    public void Dispose() => _bench.Dispose();

    private string Tag => _bench.Invites[0].Dialog.LocalTag;

    [Fact]
    public void Where_nobody_wants_transfers_they_are_declined()
    {
        Up(refer => refer.Decline());
        Refer("<sip:+1900555@premium.example.com>");
        _bench.TakeResponse(603);
        _bench.Advance(10_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Outside_of_a_call_nobody_is_referred()
    {
        _bench.Receive(Wire.Plain("REFER", "z9hG4bKx", 1, "x", null, "Refer-To: <sip:+1900555@premium.example.com>"));
        _bench.TakeResponse(603).Reason.ShouldBe("Refer Only Within A Call");
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void An_accepted_transfer_is_reported_step_by_step_in_order()
    {
        Up(refer => refer.Accept());
        Refer("<sip:5030@gw.example.com>", extra: "Referred-By: <sip:5010@gw.example.com>");
        _bench.TakeResponse(202);
        var trying = TakeReport("SIP/2.0 100 Trying");
        trying.Headers["Event"].ShouldBe("refer;id=2");
        trying.Headers["Subscription-State"].ShouldBe("active;expires=180");
        trying.Headers["Content-Type"].ShouldBe("message/sipfrag;version=2.0");
        var refer = _refers.Single();
        refer.Target.ToString().ShouldBe("sip:5030@gw.example.com");
        refer.ReferredBy!.Uri.User.ShouldBe("5010");

        refer.Report(180);
        refer.Report(200);
        _bench.Run();
        _bench.ShouldBeSilent();
        _bench.Receive(Wire.Response(trying, 200));
        var last = TakeReport("SIP/2.0 200 OK");
        last.Headers["Subscription-State"].ShouldBe("terminated;reason=noresource");
        _bench.Receive(Wire.Response(last, 200));
        refer.Report(486);
        _bench.Run();
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Without_an_outcome_the_peer_is_told_408()
    {
        Up(refer => refer.Accept());
        Refer("<sip:5030@gw.example.com>");
        _bench.TakeResponse(202);
        _bench.Receive(Wire.Response(_bench.TakeRequest("NOTIFY"), 200));
        _bench.Advance(TimeSpan.FromMinutes(3.1), TimeSpan.FromSeconds(1));
        TakeReport("SIP/2.0 408 Request Timeout");
    }

    [Fact]
    public void A_peer_that_wants_no_reports_gets_none()
    {
        Up(refer => refer.Accept());
        Refer("<sip:5030@gw.example.com>", extra: "Refer-Sub: false\nRequire: norefersub");
        _bench.TakeResponse(202).Headers["Refer-Sub"].ShouldBe("false");
        _refers.Single().Report(200);
        _bench.Run();
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_peer_that_ends_the_reports_keeps_its_call()
    {
        Up(refer => refer.Accept());
        Refer("<sip:5030@gw.example.com>");
        _bench.TakeResponse(202);
        _bench.Receive(Wire.Response(_bench.TakeRequest("NOTIFY"), 481));
        _bench.Invites[0].Dialog.IsEnded.ShouldBeFalse();
        _refers.Single().Report(200);
        _bench.Run();
    }

    [Fact]
    public void One_transfer_at_a_time()
    {
        Up(refer => refer.Accept());
        Refer("<sip:5030@gw.example.com>");
        _bench.TakeAll();
        Refer("<sip:5031@gw.example.com>", 3);
        _bench.TakeResponse(491);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Refer-To: <mailto:a@example.com>")]
    [InlineData("Refer-To: <sip:")]
    [InlineData("Refer-To: <sip:a@example.com;method=BYE>")]
    [InlineData("Refer-To: <sip:a@example.com>, <sip:b@example.com>")]
    [InlineData("Refer-To: <sip:a@example.com>\nRefer-To: <sip:b@example.com>")]
    [InlineData("Refer-To: <sip:a@example.com?Replaces=x>")]
    [InlineData("Refer-To: <sip:a@example.com?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2&Replaces=b%3Bto-tag%3D1%3Bfrom-tag%3D2>")]
    public void A_refer_that_cannot_be_read_gets_400(string header)
    {
        Up(refer => refer.Accept());
        _bench.Receive(Wire.InDialog("REFER", Tag, 2, "z9hG4bKr2", extra: header));
        _bench.TakeResponse(400);
        _refers.ShouldBeEmpty();
    }

    [Fact]
    public void Headers_of_the_target_do_not_shape_our_call()
    {
        Up(refer => refer.Accept());
        Refer("<sip:a@gw.example.com;method=INVITE?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2&From=%3Csip%3Aceo%40x%3E&Route=%3Csip%3Aevil%3E>");
        var refer = _refers.Single();
        refer.Target.ToString().ShouldBe("sip:a@gw.example.com");
        refer.Replaces.ShouldBe(new SipReplaces("x@y", "1", "2"));
    }

    private SipRequest TakeReport(string line)
    {
        var notify = _bench.TakeRequest("NOTIFY");
        Encoding.UTF8.GetString(notify.Body.Span).ShouldBe(line + "\r\n");
        return notify;
    }

    private void Refer(string target, int number = 2, string extra = "") =>
        _bench.Receive(Wire.InDialog("REFER", Tag, number, $"z9hG4bKr{number}", extra: $"Refer-To: {target}{(extra.Length == 0 ? "" : "\n" + extra)}"));

    private void Up(Action<IncomingRefer> handle)
    {
        _log.Referred = refer =>
        {
            _refers.Add(refer);
            handle(refer);
        };
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Ack(Tag));
        _bench.TakeAll();
    }
}
