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
    [InlineData(31, 1_000, false)]
    [InlineData(31, 1_001, true)]
    [InlineData(32, 30, false)]
    [InlineData(32, 31, true)]
    public void A_few_calls_may_wait_a_second_and_many_only_the_longest_wait(int calls, int milliseconds, bool tooLong)
    {
        var line = new WaitingCalls(_time, s_longest);
        for (var i = 0; i < calls; i++)
        {
            line.Enter();
        }

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        line.IsTooLong.ShouldBe(tooLong);
    }

    [Fact]
    public void A_line_beyond_all_measure_is_too_long_at_once()
    {
        var line = new WaitingCalls(_time, s_longest);
        for (var i = 0; i < 8192; i++)
        {
            line.Enter();
        }

        line.IsTooLong.ShouldBeTrue();
        for (var i = 0; i < 8192; i++)
        {
            line.Leave();
        }

        line.IsTooLong.ShouldBeFalse();
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

    /// <summary>As a receive thread does while the executors are busy.</summary>
    private void ReceiveOnly(string message) =>
        _bench.Stack.Receive(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")), new SipFlow(SipTransport.Udp, SipBench.Server, SipBench.Peer, _bench.Udp));
}
