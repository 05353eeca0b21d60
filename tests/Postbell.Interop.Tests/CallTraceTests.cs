using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests;

/// <summary>Wireshark reads the captures that <c>postbell calls trace</c> writes.</summary>
public sealed class CallTraceTests(SharedServer shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tshark_decodes_a_captured_call_as_SIP(bool tcp)
    {
        var run = await new SippCaller(shared).RunAsync("unknown_number", "9999", tcp);
        var server = await shared.StartedAsync();
        using var place = new TemporaryDirectory();
        (await server.CommandAsync("calls", "trace", run.CallId, "--pcap", place.File("call.pcap"))).ShouldSucceed();
        var decoded = (await ExternalProgram.RunAsync(
            "tshark",
            ["-r", place.File("call.pcap"), "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-T", "fields", "-E", "separator=/s", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "sip.Call-ID", "-e", "_ws.malformed", "-e", "udp.checksum.status", "-e", "ip.checksum.status"],
            Limit)).ShouldSucceed();

        var lines = decoded.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).ToList();
        lines[0].ShouldBe($"INVITE  {run.CallId}  1 1");
        lines.ShouldContain($"404 {run.CallId}  1 1");
        lines.ShouldAllBe(line => line.EndsWith($"{run.CallId}  1 1", StringComparison.Ordinal));

        // The same call, drawn: it says over what it came.
        var drawn = (await server.CommandAsync("calls", "trace", run.CallId)).ShouldSucceed().Output;
        drawn.ShouldContain("state    failed: ");
        drawn.Contains("INVITE sip:9999@", StringComparison.Ordinal).ShouldBeTrue(drawn);
        drawn.Contains(" TCP\n", StringComparison.Ordinal).ShouldBe(tcp);
    }
}
