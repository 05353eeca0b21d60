using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Transfers that we ask the peer for (REFER, RFC 3515) and their reports.</summary>
public sealed class TransferTests : IDisposable
{
    private static readonly SipUri s_target = SipUri.Create("5030", "gw.example.com");

    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();
    private readonly List<int> _progress = [];

    public void Dispose() => _bench.Dispose();

    private SipDialog Dialog => _bench.Invites[0].Dialog;

    [Fact]
    public async Task A_blind_transfer_is_followed_to_its_success()
    {
        var outcome = Refer(out var refer);
        refer.Headers["Refer-To"].ShouldBe("<sip:5030@gw.example.com>");
        refer.Headers["Referred-By"].ShouldBe("<sip:5900@mbx.example.com>");
        refer.Contact.ShouldNotBeNull();
        _bench.Receive(Wire.Response(refer, 202));
        Notify(refer, "SIP/2.0 100 Trying", 2);
        Notify(refer, "SIP/2.0 180 Ringing", 3);
        outcome.IsCompleted.ShouldBeFalse();
        Notify(refer, "SIP/2.0 200 OK", 4, "terminated;reason=noresource");
        (await outcome).ShouldBe(new TransferOutcome(TransferEnd.Succeeded, 200, true));
        _progress.ShouldBe([100, 180, 200]);
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task A_target_that_does_not_answer_is_a_failure_and_the_call_goes_on()
    {
        var outcome = Refer(out var refer);
        _bench.Receive(Wire.Response(refer, 202));
        Notify(refer, "SIP/2.0 486 Busy Here", 2, "terminated;reason=noresource");
        (await outcome).ShouldBe(new TransferOutcome(TransferEnd.Failed, 486, true));
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Theory]
    [InlineData(603)]
    [InlineData(405)]
    [InlineData(403)]
    public async Task A_peer_that_does_not_transfer_says_so_and_the_call_goes_on(int status)
    {
        var outcome = Refer(out var refer);
        _bench.Receive(Wire.Response(refer, status));
        (await outcome).ShouldBe(new TransferOutcome(TransferEnd.Refused, status, false));
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task A_report_may_overtake_the_202()
    {
        var outcome = Refer(out var refer);
        Notify(refer, "SIP/2.0 200 OK", 2, "terminated;reason=noresource");
        (await outcome).ShouldBe(new TransferOutcome(TransferEnd.Succeeded, 200, true));
        _bench.Receive(Wire.Response(refer, 202));
    }

    [Fact]
    public async Task Without_an_outcome_the_wait_ends_in_time()
    {
        var outcome = Refer(out var refer);
        _bench.Receive(Wire.Response(refer, 202));
        Notify(refer, "SIP/2.0 180 Ringing", 2);
        _bench.Advance(TimeSpan.FromSeconds(60.1), TimeSpan.FromMilliseconds(100));
        (await outcome).ShouldBe(new TransferOutcome(TransferEnd.TimedOut, 180, true));
        Notify(refer, "SIP/2.0 200 OK", 3, expected: 481);
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task A_peer_that_reports_nothing_says_so()
    {
        var outcome = Refer(out var refer, withoutReports: true);
        refer.Headers["Refer-Sub"].ShouldBe("false");
        _bench.Receive(Wire.Response(refer, 202, extra: "Refer-Sub: false"));
        (await outcome).ShouldBe(new TransferOutcome(TransferEnd.NotReported, 0, true));
    }

    [Fact]
    public async Task Reports_that_end_without_an_outcome_are_no_outcome()
    {
        var outcome = Refer(out var refer);
        _bench.Receive(Wire.Response(refer, 202));
        Notify(refer, "SIP/2.0 100 Trying", 2, "terminated;reason=timeout");
        (await outcome).End.ShouldBe(TransferEnd.NotReported);
    }

    [Fact]
    public async Task A_peer_that_hangs_up_at_once_ends_the_wait()
    {
        var outcome = Refer(out var refer);
        _bench.Receive(Wire.Response(refer, 202));
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2, "z9hG4bKbye"));
        (await outcome).ShouldBe(new TransferOutcome(TransferEnd.CallEnded, 0, true));
        _log.Lines[^1].ShouldBe("ended Bye");
    }

    [Theory]
    [InlineData("refer;id=77")]
    [InlineData("refer;id=x")]
    public void A_report_that_belongs_to_no_transfer_gets_481(string package)
    {
        _ = Refer(out _);
        _bench.Receive(Wire.InDialog("NOTIFY", Dialog.LocalTag, 2, "z9hG4bKn", extra: $"Event: {package}\nSubscription-State: active"));
        _bench.TakeResponse(481);
    }

    [Fact]
    public void A_report_of_an_older_peer_without_id_is_taken()
    {
        var outcome = Refer(out var refer);
        Notify(refer, "SIP/2.0 200 OK", 2, "terminated", package: "refer");
        outcome.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "message/sipfrag", 400)]
    [InlineData("Subscription-State: active", "text/plain", 415)]
    public void A_report_that_cannot_be_read_is_refused_by_name(string state, string type, int status)
    {
        _ = Refer(out var refer);
        _bench.Receive(Wire.InDialog("NOTIFY", Dialog.LocalTag, 2, "z9hG4bKn", extra: $"Event: refer;id={refer.CSeq.Number}\n{state}".TrimEnd(), body: "SIP/2.0 200 OK")
            .Replace("application/sdp", type));
        _bench.TakeResponse(status);
    }

    [Theory]
    [InlineData("SIP/2.0 2000 OK")]
    [InlineData("SIP/2.0 OK")]
    [InlineData("SIP/2.0 099 x")]
    [InlineData("SIP/2.0 700 x")]
    [InlineData("HTTP/1.1 200 OK")]
    [InlineData("SIP/2.0 ")]
    [InlineData("x")]
    public void A_body_that_is_no_status_line_reports_nothing(string body)
    {
        var outcome = Refer(out var refer);
        Notify(refer, body, 2);
        outcome.IsCompleted.ShouldBeFalse();
        _progress.ShouldBeEmpty();
    }

    [Fact]
    public void An_attended_transfer_names_the_other_call()
    {
        Up();
        var first = Dialog;
        _bench.Receive(Wire.Invite("z9hG4bKother", callId: "call-2@pbx", fromTag: "far"));
        _bench.Receive(Wire.Ack(_bench.Invites[1].Dialog.LocalTag, branch: "z9hG4bKack2", callId: "call-2@pbx").Replace("tag=peer", "tag=far"));
        _bench.TakeAll();
        var second = _bench.Invites[1].Dialog;

        _ = first.ReferAsync(new Transfer { Target = second.RemoteTarget, InPlaceOf = second });
        _bench.Run();
        NameAddress.TryParse(_bench.TakeRequest("REFER").Headers["Refer-To"], out var referTo).ShouldBeTrue();
        referTo!.Uri.User.ShouldBe("200");
        SipReplaces.TryParse(referTo.Uri.Headers.Single().Value, out var replaces).ShouldBeTrue();
        replaces.ShouldBe(new SipReplaces("call-2@pbx", "far", second.LocalTag));
    }

    [Fact]
    public async Task After_the_end_of_the_call_no_transfer_is_asked_for()
    {
        Up();
        Dialog.Bye();
        _bench.Run();
        _bench.TakeRequest("BYE");
        var outcome = Dialog.ReferAsync(new Transfer { Target = s_target });
        _bench.Run();
        (await outcome).End.ShouldBe(TransferEnd.CallEnded);
        _bench.ShouldBeSilent();
    }

    private Task<TransferOutcome> Refer(out SipRequest refer, bool withoutReports = false)
    {
        Up();
        var outcome = Dialog.ReferAsync(new Transfer
        {
            Target = s_target,
            ReferredBy = new NameAddress(SipUri.Create("5900", "mbx.example.com")),
            WithoutReports = withoutReports,
            OnProgress = _progress.Add,
        });
        _bench.Run();
        refer = _bench.TakeRequest("REFER");
        return outcome;
    }

    private void Notify(SipRequest refer, string fragment, int number, string state = "active;expires=60", int expected = 200, string? package = null)
    {
        _bench.Receive(Wire.InDialog(
            "NOTIFY", Dialog.LocalTag, number, $"z9hG4bKn{number}", extra: $"Event: {package ?? "refer;id=" + refer.CSeq.Number}\nSubscription-State: {state}", body: fragment)
            .Replace("application/sdp", "message/sipfrag;version=2.0"));
        _bench.TakeResponse(expected);
    }

    private void Up()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Ack(Dialog.LocalTag));
        _bench.TakeAll();
    }
}
