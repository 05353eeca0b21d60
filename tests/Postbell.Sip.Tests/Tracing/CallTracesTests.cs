using System.Net;
using System.Text;
using Postbell.Core;
using Postbell.Sip.Tracing;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Tracing;

public sealed class CallTracesTests
{
    public static TheoryData<SipTransport, string> Ways => LoopbackCallTests.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Both_ends_of_a_call_keep_every_message_with_time_direction_and_addresses(SipTransport transport, string address)
    {
        using var wheel = new TimerWheel(TimeProvider.System);
        var traces = new CallTraces(new CallTraceOptions(), wheel);
        var others = new CallTraces(new CallTraceOptions(), wheel);
        await using var server = await Loopback.StartAsync(transport, IPAddress.Parse(address), options => options with { Tap = traces });
        await using var phone = await Loopback.StartAsync(transport, IPAddress.Parse(address), options => options with { Tap = others });
        var called = new DialogLog();
        var calling = new DialogLog();
        server.Invited = invite =>
        {
            invite.Provisional(180);
            invite.Accept("answer"u8.ToArray(), "application/sdp", called);
        };
        var call = phone.Call(server, calling);
        await call.Final.WaitAsync(TimeSpan.FromSeconds(10));
        await called.Acknowledged;
        call.Dialog!.Bye();
        await called.Ended;
        await calling.Ended;

        var trace = traces.Find(static _ => true)!;
        trace.Messages.Where(m => m.Direction == SipDirection.Received).Select(Word).ShouldBe(["INVITE", "ACK", "BYE"]);
        trace.Messages.Where(m => m.Direction == SipDirection.Sent).Select(Word).ShouldBe(["100", "180", "200", "200"]);
        trace.HasEnded.ShouldBeTrue();
        trace.Failure.ShouldBeNull();
        trace.MessageCount.ShouldBe(7);
        trace.Messages.ShouldAllBe(m => m.Transport == transport && m.Local.Address.ToString() == address && m.Remote.Address.ToString() == address && m.Local.Port == server.Address.Port);
        trace.Messages.Select(m => m.At).ShouldBe(trace.Messages.Select(m => m.At).Order());
        // The answer to its BYE may still be on the way.
        others.Find(other => other.CallId == trace.CallId)!.Messages.Count.ShouldBeInRange(6, 7);
    }

    [Fact]
    public async Task Of_a_stranger_nothing_is_kept()
    {
        using var wheel = new TimerWheel(TimeProvider.System);
        var traces = new CallTraces(new CallTraceOptions(), wheel);
        await using var server = await Loopback.StartAsync(change: options => options with { Tap = traces });
        await using var phone = await Loopback.StartAsync();
        server.Admitted = false;
        (await phone.Call(server, new DialogLog()).Final.WaitAsync(TimeSpan.FromSeconds(10))).Status.ShouldBe(403);
        traces.Statistics.Calls.ShouldBe(0);
    }

    [Fact]
    public void Messages_outside_of_calls_are_not_kept()
    {
        using var samples = new TraceSamples();
        samples.Receive(TraceSamples.Request("OPTIONS"));
        samples.Send(TraceSamples.Response(200, method: "OPTIONS"));
        samples.Receive("INVITE without anything"u8.ToArray());
        samples.Traces.Statistics.ShouldBe(new CallTraceStatistics(0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void A_long_call_keeps_its_beginning_and_its_newest_messages()
    {
        using var samples = new TraceSamples(new CallTraceOptions { MaxMessagesPerCall = 16 });
        samples.WholeCall("long");
        for (var i = 0; i < 100; i++)
        {
            samples.Receive(TraceSamples.Request("INFO", "long", cseq: 100 + i));
        }

        var trace = samples.Last;
        trace.Messages.Count.ShouldBe(16);
        trace.MessageCount.ShouldBe(107);
        Word(trace.Messages[0]).ShouldBe("INVITE");
        Text(trace.Messages[^1]).ShouldContain("CSeq: 199 INFO");
        Text(trace.Messages[8]).ShouldContain("CSeq: 192 INFO");
        samples.Traces.Statistics.Dropped.ShouldBe(91);
    }

    [Fact]
    public void The_bytes_of_one_call_and_of_one_message_are_bounded()
    {
        using var samples = new TraceSamples(new CallTraceOptions { MaxBytesPerCall = 20_000 });
        for (var i = 0; i < 50; i++)
        {
            samples.Receive(TraceSamples.Request("INVITE", body: new string('x', 60_000), cseq: i + 1));
        }

        samples.Traces.Statistics.Bytes.ShouldBeLessThanOrEqualTo(20_000);
        var message = samples.Last.Messages[0];
        message.IsCut.ShouldBeTrue();
        message.Length.ShouldBeGreaterThan(60_000);
        message.Bytes.Length.ShouldBeInRange(4096, 4096 + 400);
    }

    [Fact]
    public void Memory_is_bounded_and_the_oldest_ended_calls_go_first()
    {
        using var samples = new TraceSamples(new CallTraceOptions { MaxBytes = 64 << 10 });
        samples.Receive(TraceSamples.Request("INVITE", "running"));
        for (var i = 0; i < 200; i++)
        {
            samples.WholeCall($"short-{i}");
            samples.Traces.Statistics.Bytes.ShouldBeLessThanOrEqualTo(64 << 10);
        }

        samples.Traces.Find(call => call.CallId == "short-199")!.Messages.Count.ShouldBe(7);
        samples.Traces.Find(call => call.CallId == "short-0").ShouldBeNull();
        samples.Traces.Find(call => call.CallId == "running")!.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public void With_memory_full_of_running_calls_further_messages_are_counted_and_not_kept()
    {
        using var samples = new TraceSamples(new CallTraceOptions { MaxBytes = 4096 });
        for (var i = 0; i < 100; i++)
        {
            samples.Receive(TraceSamples.Request("INVITE", $"call-{i}"));
        }

        var counted = samples.Traces.Statistics;
        counted.Bytes.ShouldBeLessThanOrEqualTo(4096);
        (counted.Kept + counted.Dropped).ShouldBe(100);
        counted.Dropped.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Calls_are_forgotten_by_number_and_by_age_also_while_nothing_happens()
    {
        using var samples = new TraceSamples(new CallTraceOptions { MaxCalls = 10, KeepFor = TimeSpan.FromMinutes(10) });
        for (var i = 0; i < 30; i++)
        {
            samples.WholeCall($"call-{i}");
        }

        samples.Traces.Recent(100).Select(call => call.CallId).ShouldBe(Enumerable.Range(20, 10).Reverse().Select(i => $"call-{i}"));
        samples.Time.Advance(TimeSpan.FromMinutes(12));
        samples.Traces.Statistics.ShouldBe(new CallTraceStatistics(0, 0, 210, 0, 30, 0));
    }

    [Fact]
    public void A_call_that_fails_is_told_once_it_has_settled_with_its_first_reason()
    {
        using var samples = new TraceSamples();
        var id = TraceId.New(samples.Time);
        samples.Receive(TraceSamples.Request("INVITE"));
        samples.Traces.OnNamed("call-1", id);
        samples.Traces.OnNote("call-1", "something to know");
        samples.Traces.OnFailed("call-1", "UnknownMailbox");
        samples.Send(TraceSamples.Response(404));
        samples.Receive(TraceSamples.Request("ACK"));
        samples.Failed.ShouldBeEmpty();
        samples.Time.Advance(TimeSpan.FromSeconds(3));

        var failed = samples.Failed.ShouldHaveSingleItem();
        failed.Failure.ShouldBe("UnknownMailbox");
        failed.Id.ShouldBe(id);
        failed.Notes.ShouldBe(["something to know"]);
        failed.Messages.Select(Word).ShouldBe(["INVITE", "404", "ACK"]);
    }

    [Fact]
    public void Of_a_storm_of_failures_only_some_are_told()
    {
        using var samples = new TraceSamples();
        for (var i = 0; i < 500; i++)
        {
            samples.Receive(TraceSamples.Request("INVITE", $"call-{i}"));
            samples.Send(TraceSamples.Response(503, $"call-{i}"));
        }

        samples.Time.Advance(TimeSpan.FromSeconds(3));
        samples.Failed.Count.ShouldBe(64);
        samples.Traces.Statistics.Failed.ShouldBe(500);
    }

    [Theory]
    [InlineData(SipDirection.Sent, 420, "Refused420")]
    [InlineData(SipDirection.Received, 503, "RefusedByPeer503")]
    [InlineData(SipDirection.Sent, 487, null)]
    [InlineData(SipDirection.Received, 407, null)]
    [InlineData(SipDirection.Sent, 302, null)]
    public void A_final_refusal_fails_a_call_unless_it_was_cancelled_challenged_or_redirected(SipDirection direction, int status, string? reason)
    {
        using var samples = new TraceSamples();
        samples.Traces.OnMessage((SipDirection)(1 - (int)direction), SipTransport.Udp, TraceSamples.Here, TraceSamples.Peer, TraceSamples.Request("INVITE"));
        samples.Traces.OnMessage(direction, SipTransport.Udp, TraceSamples.Here, TraceSamples.Peer, TraceSamples.Response(status));
        samples.Last.Failure.ShouldBe(reason);
    }

    [Fact]
    public void A_refused_reinvite_does_not_fail_the_call()
    {
        using var samples = new TraceSamples();
        samples.Receive(TraceSamples.Request("INVITE"));
        samples.Send(TraceSamples.Response(200));
        samples.Receive(TraceSamples.Request("INVITE", cseq: 2));
        samples.Send(TraceSamples.Response(488));
        samples.Last.Failure.ShouldBeNull();
        samples.Last.HasEnded.ShouldBeFalse();
    }

    [Fact]
    public void Secrets_are_not_in_memory()
    {
        using var samples = new TraceSamples();
        samples.Receive(TraceSamples.Request("INVITE", body: "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:verysecretkey\r\n"));
        Text(samples.Last.Messages[0]).ShouldContain("inline:*************\r\n");
    }

    [Fact]
    public void Tracing_a_call_allocates_next_to_nothing_once_memory_goes_round()
    {
        using var samples = new TraceSamples(new CallTraceOptions { MaxCalls = 100 });
        var call = new byte[][] { TraceSamples.Request("INVITE", "ID-0000", new string('x', 300)), TraceSamples.Response(200, "ID-0000"), TraceSamples.Request("BYE", "ID-0000") };
        var number = 0;
        void Run(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                number++;
                foreach (var message in call)
                {
                    var at = message.AsSpan().IndexOf("ID-"u8) + 3;
                    for (var (digit, rest) = (3, number); digit >= 0; digit--, rest /= 10)
                    {
                        message[at + digit] = (byte)('0' + (rest % 10));
                    }

                    samples.Receive(message);
                }
            }
        }

        Run(300);
        // The Call-ID is the one thing a new call needs memory for.
        AllocationMeter.Least(5, _ => Run(100)).ShouldBeLessThan(100 * 64);
        samples.Traces.Statistics.Dropped.ShouldBe(0);
    }

    private static string Word(TracedMessage message) => Text(message) is var text && text.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? text[8..11] : text[..text.IndexOf(' ')];

    private static string Text(TracedMessage message) => Encoding.UTF8.GetString(message.Bytes.Span);
}
