using System.Text;
using Postbell.Sip.Defence;
using Postbell.Sip.Transport;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Defence;

public sealed class WaitingCallsTests : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(30);

    private readonly ManualTime _time = new();
    private readonly SipBench _bench = new(options => options with { LongestWait = s_longest });

    public WaitingCallsTests() => _time.Advance(TimeSpan.FromSeconds(1));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_line_is_as_old_as_its_first_call()
    {
        var line = new WaitingCalls(_time, s_longest);
        line.Age.ShouldBe(TimeSpan.Zero);
        line.Enter();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        line.Enter();
        _time.Advance(TimeSpan.FromMilliseconds(11));
        line.Age.ShouldBe(TimeSpan.FromMilliseconds(31));

        line.Leave();
        line.Age.ShouldBe(TimeSpan.FromMilliseconds(11));
        line.Leave();
        _time.Advance(TimeSpan.FromHours(1));
        line.Age.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public void Many_calls_that_wait_longer_than_they_should_for_a_tenth_of_a_second_are_overload(int calls, bool overload)
    {
        var line = LineOf(calls);
        _time.Advance(s_longest);
        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(99));
        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        line.IsTooLong().ShouldBe(overload);
    }

    [Fact]
    public void Even_one_call_that_nobody_looks_at_for_a_second_is_overload()
    {
        var line = LineOf(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        line.IsTooLong().ShouldBeTrue();
    }

    [Fact]
    public void What_was_late_long_ago_says_nothing_about_now()
    {
        var line = LineOf(32);
        _time.Advance(s_longest + TimeSpan.FromMilliseconds(1));
        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(101));
        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        line.IsTooLong().ShouldBeTrue();
    }

    [Fact]
    public void Calls_that_wait_because_the_machine_stood_still_are_answered_late_and_not_refused()
    {
        var line = new WaitingCalls(_time, s_longest);
        for (var stop = 0; stop < 3; stop++)
        {
            // 300 ms without a processor at 200 calls a second; then they are looked at within 50 ms.
            for (var i = 0; i < 60; i++)
            {
                line.Arrive(TimeSpan.FromMilliseconds(300 - (5 * i)));
                line.IsTooLong().ShouldBeFalse();
                line.Enter();
            }

            for (var i = 0; i < 60; i++)
            {
                line.IsTooLong().ShouldBeFalse();
                line.Leave();
                _time.Advance(TimeSpan.FromMilliseconds(0.8));
            }

            _time.Advance(TimeSpan.FromMilliseconds(200));
        }
    }

    [Fact]
    public void A_line_beyond_all_measure_is_too_long_at_once()
    {
        var line = LineOf(8192);
        line.IsTooLong().ShouldBeTrue();
        for (var i = 0; i < 8192; i++)
        {
            line.Leave();
        }

        line.IsTooLong().ShouldBeFalse();
    }

    [Fact]
    public void Many_calls_in_a_row_that_stood_unread_are_overload_until_one_is_read_in_time()
    {
        var line = new WaitingCalls(_time, s_longest);
        for (var i = 0; i < 31; i++)
        {
            line.Arrive(s_longest + TimeSpan.FromMilliseconds(1));
        }

        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        line.IsTooLong().ShouldBeFalse();
        line.Arrive(TimeSpan.FromSeconds(2));
        line.IsTooLong().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        line.IsTooLong().ShouldBeTrue();
        line.Arrive(s_longest);
        line.IsTooLong().ShouldBeFalse();
    }

    [Fact]
    public void Under_overload_new_calls_get_503_at_once_and_those_in_line_are_still_answered()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", new DialogLog());
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        ReceiveOnly(Wire.Invite());
        _bench.TakeResponse(100);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1_001));

        ReceiveOnly(Wire.Invite("z9hG4bKinv2", callId: "call-2"));
        var refused = _bench.TakeResponse(503);
        refused.Headers["Retry-After"].ShouldBe("10");
        _bench.Stack.Statistics.Overloads.ShouldBe(1);

        _bench.Run();
        _bench.TakeResponse(200);
        ReceiveOnly(Wire.Invite("z9hG4bKinv3", callId: "call-3"));
        _bench.TakeResponse(100);
    }

    private WaitingCalls LineOf(int calls)
    {
        var line = new WaitingCalls(_time, s_longest);
        for (var i = 0; i < calls; i++)
        {
            line.Enter();
        }

        return line;
    }

    /// <summary>As a receive thread does while the executors are busy.</summary>
    private void ReceiveOnly(string message) =>
        _bench.Stack.Receive(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")), new SipFlow(SipTransport.Udp, SipBench.Server, SipBench.Peer, _bench.Udp));
}
