using System.Net;
using Postbell.Sip.Tracing;

namespace Postbell.Sip.Tests.Tracing;

public sealed class TraceLadderTests
{
    [Fact]
    public void A_call_is_drawn_as_arrows_with_times_and_summaries()
    {
        using var samples = new TraceSamples();
        samples.Receive(TraceSamples.Request("INVITE", body: "v=0\r\n", extra: "Content-Type: application/sdp\n"));
        samples.Time.Advance(TimeSpan.FromMicroseconds(1500));
        samples.Send(TraceSamples.Response(200));
        samples.Send(TraceSamples.Response(200));
        samples.Traces.OnNote("call-1", "MOS 4.1");
        var drawn = TraceLadder.Draw(samples.Last, messages: false);

        drawn.ShouldContain("Call-ID  call-1\n");
        drawn.ShouldContain("state    running\n");
        drawn.ShouldContain("note     MOS 4.1\n");
        var lines = drawn.TrimEnd().Split('\n');
        lines[^4].ShouldContain("192.0.2.9:5062");
        lines[^4].ShouldContain("Postbell");
        lines[^3].ShouldBe("    0.000 ms  |" + new string('-', 38) + ">|  INVITE sip:5000@192.0.2.1 [sdp]");
        lines[^2].ShouldBe("    1.500 ms  |<" + new string('-', 38) + "|  200 Some Reason (INVITE)");
        lines[^1].ShouldEndWith("200 Some Reason (INVITE) (again)");
    }

    [Fact]
    public void Further_peers_have_columns_of_their_own()
    {
        using var samples = new TraceSamples();
        var third = new IPEndPoint(IPAddress.Parse("2001:db8::7"), 5061);
        samples.Receive(TraceSamples.Request("INVITE"));
        samples.Traces.OnMessage(SipDirection.Sent, SipTransport.Tls, TraceSamples.Here, third, TraceSamples.Request("INVITE", cseq: 7));
        var lines = TraceLadder.Draw(samples.Last, messages: false).TrimEnd().Split('\n');
        lines[^3].ShouldContain("[2001:db8::7]:5061");
        lines[^1].ShouldBe("    0.000 ms  |" + new string(' ', 39) + "|" + new string('-', 38) + ">|  INVITE sip:5000@192.0.2.1 TLS");
    }

    [Fact]
    public void What_a_peer_wrote_cannot_forge_lines_or_move_the_cursor()
    {
        using var samples = new TraceSamples();
        samples.Receive(TraceSamples.Request("INVITE", extra: "Subject: \u001b[2J\u202eevil\\\u0007\n", body: "v=0\ns=bare\rfeeds\u0085\u2028"));
        samples.Traces.OnNote("call-1", "two\nlines");
        var drawn = TraceLadder.Draw(samples.Last, messages: true);
        drawn.ShouldContain("    Subject: \\u{1b}[2J\\u{202e}evil\\\\\\u{7}\n");
        drawn.ShouldContain("    v=0\\ns=bare\\rfeeds\\u{85}\\u{2028}\n");
        drawn.ShouldContain("note     two\\nlines\n");
        drawn.Where(c => char.IsControl(c) && c != '\n').ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_that_are_no_text_are_shown_as_numbers()
    {
        using var samples = new TraceSamples();
        byte[] message = [.. TraceSamples.Request("INVITE"), 0xff, 0xc3, 0x28, 0x00];
        samples.Receive(message);
        TraceLadder.Draw(samples.Last, messages: true).ShouldContain("    \\xff\\xc3(\\u{0}\n");
    }
}
