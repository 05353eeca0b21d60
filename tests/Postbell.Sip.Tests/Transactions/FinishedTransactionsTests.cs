using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Transactions;

public sealed class FinishedTransactionsTests : IDisposable
{
    private readonly SipBench _bench = new();

    public FinishedTransactionsTests()
    {
        _bench.Invited = static invite => invite.Accept("answer"u8.ToArray(), "application/sdp", new DialogLog());
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
    }

    private string Tag => _bench.Invites[0].Dialog.LocalTag;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void With_its_ack_an_answered_invite_only_absorbs_repetitions()
    {
        _bench.Stack.Transactions.LivingServerCount.ShouldBe(1);
        _bench.Receive(Wire.Ack(Tag));
        _bench.Stack.Transactions.LivingServerCount.ShouldBe(0);
        _bench.Stack.Transactions.FinishedCount.ShouldBe(1);

        _bench.Receive(Wire.Invite());
        _bench.ShouldBeSilent();
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void A_repeated_bye_gets_the_same_200_without_a_living_transaction()
    {
        _bench.Receive(Wire.Ack(Tag));
        _bench.Receive(Wire.InDialog("BYE", Tag, 2));
        var first = _bench.TakeResponse(200).ToString();
        _bench.Stack.Transactions.LivingServerCount.ShouldBe(0);

        _bench.Advance(20_000);
        _bench.Receive(Wire.InDialog("BYE", Tag, 2));
        _bench.TakeResponse(200).ToString().ShouldBe(first);
        _bench.Stack.Statistics.RetransmissionsReceived.ShouldBe(1);
    }

    [Fact]
    public void A_cancel_that_comes_after_the_ack_gets_200_and_changes_nothing()
    {
        _bench.Receive(Wire.Ack(Tag));
        _bench.Receive(Wire.Cancel());
        _bench.TakeResponse(200).CSeq.Method.ShouldBe(SipMethods.Cancel);
        _bench.Receive(Wire.InDialog("INFO", Tag, 2));
        _bench.TakeResponse(200);
    }

    [Fact]
    public void The_same_call_that_comes_another_way_is_merged_while_the_first_is_remembered()
    {
        _bench.Receive(Wire.Ack(Tag));
        _bench.Receive(Wire.Invite("z9hG4bKotherway"));
        _bench.TakeResponse(482);
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void Past_the_limit_of_remembered_ones_new_requests_are_refused_and_the_call_can_end()
    {
        using var bench = new SipBench(options => options with { MaxFinishedTransactions = 1 });
        bench.Invited = static invite => invite.Accept("answer"u8.ToArray(), "application/sdp", new DialogLog());
        bench.Receive(Wire.Invite());
        bench.TakeAll();
        bench.Receive(Wire.Ack(bench.Invites[0].Dialog.LocalTag));

        bench.Receive(Wire.Invite("z9hG4bKinv2", callId: "call-2"));
        bench.TakeResponse(503).Headers["Retry-After"].ShouldBe("10");
        bench.Receive(Wire.InDialog("BYE", bench.Invites[0].Dialog.LocalTag, 2));
        bench.TakeResponse(200);
    }

    [Fact]
    public void Each_is_forgotten_in_its_own_time()
    {
        _bench.Receive(Wire.Ack(Tag));
        _bench.Advance(10_000);
        _bench.Receive(Wire.Options("z9hG4bKlater", callId: "later"));
        _bench.TakeAll();
        _bench.Stack.Transactions.FinishedCount.ShouldBe(2);

        _bench.Advance(22_100);
        _bench.Stack.Transactions.FinishedCount.ShouldBe(1);
        _bench.Advance(10_000);
        _bench.Stack.Transactions.FinishedCount.ShouldBe(0);

        _bench.Receive(Wire.Options("z9hG4bKlatest", callId: "latest"));
        _bench.TakeAll();
        _bench.Advance(32_200);
        _bench.Stack.Transactions.FinishedCount.ShouldBe(0);
    }
}
