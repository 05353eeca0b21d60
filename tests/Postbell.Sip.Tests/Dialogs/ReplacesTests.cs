using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Calls that want to take the place of another (RFC 3891).</summary>
public sealed class ReplacesTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _first = new();
    private readonly DialogLog _second = new();

    public void Dispose() => _bench.Dispose();

    private string Named => $"Replaces: call-1;to-tag={_bench.Invites[0].Dialog.LocalTag};from-tag=peer";

    [Fact]
    public void A_call_takes_the_place_of_another_which_gets_BYE()
    {
        Up();
        _bench.Invited = invite =>
        {
            invite.Replaces.ShouldBe(_bench.Invites[0].Dialog);
            invite.Dialog.Executor.ShouldBe(invite.Replaces!.Executor);
            invite.Accept("answer"u8.ToArray(), "application/sdp", _second);
        };
        Replace(Named + "\nRequire: replaces");
        _bench.TakeResponse(100);
        _bench.TakeResponse(200);
        _bench.TakeRequest("BYE").CallId.ShouldBe("call-1");
        _first.Lines[^1].ShouldBe("ended Replaced");
        _bench.Invites[1].Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public void A_refused_replacement_leaves_the_call_as_it_was()
    {
        Up();
        _bench.Invited = static invite => invite.Reject(403);
        Replace(Named);
        _bench.TakeResponse(100);
        _bench.TakeResponse(403);
        _bench.ShouldBeSilent();
        _bench.Invites[0].Dialog.IsEnded.ShouldBeFalse();
    }

    [Theory]
    [InlineData("Replaces: call-1;to-tag=guessed;from-tag=peer")]
    [InlineData("Replaces: call-9;to-tag={0};from-tag=peer")]
    [InlineData("Replaces: call-1;to-tag={0};from-tag=other")]
    [InlineData("Replaces: call-1;to-tag={0};from-tag=0")]
    public void A_call_that_does_not_exist_cannot_be_replaced(string header)
    {
        Up();
        Replace(string.Format(null, header, _bench.Invites[0].Dialog.LocalTag));
        _bench.TakeResponse(481);
        _bench.Invites.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Replaces: call-1")]
    [InlineData("Replaces: call-1;to-tag=a")]
    [InlineData("Replaces: call-1;to-tag=a;to-tag=b;from-tag=c")]
    [InlineData("Replaces: ;to-tag=a;from-tag=b")]
    [InlineData("Replaces: a;to-tag=a;from-tag=b\nReplaces: a;to-tag=a;from-tag=b")]
    public void A_header_that_cannot_be_read_gets_400(string header)
    {
        Up();
        Replace(header);
        _bench.TakeResponse(400);
    }

    [Fact]
    public void An_answered_call_is_not_replaced_as_an_early_one()
    {
        Up();
        Replace(Named + ";early-only");
        _bench.TakeResponse(100);
        _bench.TakeResponse(486);
    }

    [Fact]
    public void A_call_that_still_rings_here_cannot_be_replaced()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
        Replace(Named);
        _bench.TakeResponse(100);
        _bench.TakeResponse(481);
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void A_call_that_is_over_cannot_be_replaced()
    {
        Up();
        _bench.Invites[0].Dialog.Bye();
        _bench.Run();
        _bench.TakeRequest("BYE");
        Replace(Named);
        _bench.TakeResponse(100);
        _bench.TakeResponse(603);
    }

    [Fact]
    public void A_stranger_who_knows_the_tags_gets_the_403_of_every_stranger()
    {
        Up();
        _bench.Admitted = false;
        Replace(Named);
        _bench.TakeResponse(403);
        _bench.ShouldBeSilent();
    }

    private void Replace(string header)
    {
        _bench.Receive(Wire.Invite("z9hG4bKsecond", callId: "call-2", fromTag: "third", extra: header));
    }

    private void Up()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _first);
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Ack(_bench.Invites[0].Dialog.LocalTag));
        _bench.TakeAll();
    }
}
