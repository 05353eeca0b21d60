using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Transactions;

/// <summary>RFC 3261 section 17.2.2: timer J, absorbed and repeated requests.</summary>
public sealed class NonInviteServerTransactionTests : IDisposable
{
    private readonly SipBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_repeated_request_is_absorbed_while_no_answer_was_given()
    {
        _bench.Receive(Wire.Options());
        _bench.Receive(Wire.Options());

        _bench.Requests.Count.ShouldBe(1);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_repeated_request_gets_the_same_answer_again()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(Wire.Options());
        var first = _bench.TakeResponse(200);

        _bench.Receive(Wire.Options());

        _bench.TakeResponse(200).ToString().ShouldBe(first.ToString());
        _bench.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void Timer_J_forgets_the_transaction_after_64_T1()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(Wire.Options());
        _bench.Advance(31_900);
        _bench.Stack.Transactions.ServerCount.ShouldBe(1);
        _bench.Advance(200);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void Over_tcp_timer_J_is_zero()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.ReceiveOver(_bench.NewConnection(), Wire.Options().Replace("/UDP", "/TCP"));
        _bench.Advance(50);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void A_request_the_application_never_answers_is_forgotten_when_its_client_gave_up()
    {
        _bench.Receive(Wire.Options());
        _bench.Advance(32_100);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void Only_the_first_answer_is_sent()
    {
        _bench.Requested = static request =>
        {
            request.Respond(200);
            request.Respond(500);
        };
        _bench.Receive(Wire.Options());

        _bench.TakeResponse(200);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void An_answer_to_options_says_what_we_can_do()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(Wire.Options());

        var response = _bench.TakeResponse(200);
        response.Headers["Allow"].ShouldBe("INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, NOTIFY, SUBSCRIBE, PRACK, REFER, MESSAGE");
        response.Headers["Accept"].ShouldBe("application/sdp, multipart/mixed");
        response.Headers["Supported"].ShouldBe("histinfo, timer, 100rel, replaces, norefersub");
        response.Headers["Server"].ShouldBe("Postbell");
        response.To.Tag.ShouldNotBeNull();
        response.CSeq.ShouldBe(new SipCSeq(1, "OPTIONS"));
    }
}
