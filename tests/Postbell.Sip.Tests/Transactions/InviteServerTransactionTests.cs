using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Transactions;

/// <summary>RFC 3261 section 17.2.1 with RFC 6026: states Proceeding, Accepted, Completed, Confirmed; timers G, H, I, L.</summary>
public sealed class InviteServerTransactionTests : IDisposable
{
    private readonly SipBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Trying_is_sent_at_once()
    {
        _bench.Receive(Wire.Invite());

        var trying = _bench.TakeResponse(100);
        trying.To.Tag.ShouldBeNull();
        trying.Headers["Via"].ShouldBe("SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKinv1");
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void A_repeated_invite_gets_the_last_provisional_response_again()
    {
        _bench.Invited = invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();

        _bench.Receive(Wire.Invite());

        _bench.TakeResponse(180);
        _bench.ShouldBeSilent();
        _bench.Invites.Count.ShouldBe(1);
        _bench.Stack.Statistics.RetransmissionsReceived.ShouldBe(1);
    }

    [Fact]
    public void Ringing_has_a_to_tag_and_a_contact()
    {
        _bench.Invited = invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());

        _bench.TakeResponse(100);
        var ringing = _bench.TakeResponse(180);
        ringing.To.Tag.ShouldBe(_bench.Invites[0].Dialog.LocalTag);
        ringing.Contact!.Uri.ToString().ShouldBe("sip:192.0.2.1:5060");
    }

    [Fact]
    public void Timer_G_repeats_a_failure_until_the_ack_comes()
    {
        Refuse();

        foreach (var wait in (int[])[500, 1000, 2000, 4000, 4000])
        {
            _bench.Advance(wait - 60);
            _bench.ShouldBeSilent();
            _bench.Advance(80);
            _bench.TakeResponse(486);
        }

        _bench.Receive(Ack());
        _bench.Advance(40_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Timer_H_gives_up_waiting_for_the_ack_after_64_T1()
    {
        Refuse();

        _bench.Advance(32_100);
        _bench.TakeAll().Count.ShouldBe(10);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
        _bench.Advance(10_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Timer_I_keeps_the_transaction_for_T4_to_absorb_repeated_acks()
    {
        Refuse();
        _bench.Receive(Ack());

        _bench.Advance(4_900);
        _bench.Stack.Transactions.ServerCount.ShouldBe(1);
        _bench.Receive(Ack());
        _bench.Receive(Wire.Invite());
        _bench.ShouldBeSilent();

        _bench.Advance(200);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void A_repeated_invite_gets_the_failure_again()
    {
        Refuse();
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(486);
    }

    [Fact]
    public void Over_tcp_a_failure_is_not_repeated_and_the_transaction_ends_with_the_ack()
    {
        var connection = _bench.NewConnection();
        _bench.Invited = static invite => invite.Reject(486);
        _bench.ReceiveOver(connection, Wire.Invite(transport: "TCP"));
        _bench.TakeAll().Count.ShouldBe(2);

        _bench.Advance(10_000);
        _bench.ShouldBeSilent();
        _bench.ReceiveOver(connection, Ack().Replace("/UDP", "/TCP"));
        _bench.Advance(50);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void In_accepted_a_repeated_invite_is_absorbed_until_timer_L()
    {
        _bench.Invited = static invite => invite.Accept("answer"u8.ToArray(), "application/sdp", new DialogLog());
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();

        _bench.Receive(Wire.Invite());
        _bench.ShouldBeSilent();
        _bench.Receive(Wire.Ack(_bench.Invites[0].Dialog.LocalTag));

        _bench.Advance(31_900);
        _bench.Stack.Transactions.ServerCount.ShouldBe(1);
        _bench.Advance(200);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void A_second_final_response_is_not_sent()
    {
        Refuse();
        _bench.Invites[0].Reject(404);
        _bench.Invites[0].Provisional(180);
        _bench.Invites[0].Accept(default, "application/sdp", new DialogLog());
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Old_peers_without_a_unique_branch_are_matched_by_the_rest()
    {
        const string OldVia = "Via: SIP/2.0/UDP 192.0.2.9:5060";
        var invite = Wire.Invite().Replace("Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKinv1", OldVia);
        _bench.Invited = static invite => invite.Reject(486);
        _bench.Receive(invite);
        _bench.Receive(invite);
        _bench.Receive(Wire.Ack("x").Replace("Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKack1", OldVia));

        _bench.Invites.Count.ShouldBe(1);
        _bench.TakeAll().Count.ShouldBe(3);
        _bench.Advance(30_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_branch_that_is_only_the_magic_cookie_does_not_name_a_transaction()
    {
        _bench.Receive(Wire.Invite(branch: SipVia.MagicCookie));
        _bench.Receive(Wire.Invite(branch: SipVia.MagicCookie, callId: "call-2"));
        _bench.Invites.Count.ShouldBe(2);
    }

    private void Refuse()
    {
        _bench.Invited = static invite => invite.Reject(486);
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        _bench.TakeResponse(486);
    }

    private static string Ack() => Wire.Ack("any", branch: "z9hG4bKinv1");
}
