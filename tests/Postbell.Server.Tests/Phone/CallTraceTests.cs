using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Postbell.Server.Tests.Hosting;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Phone;

/// <summary>What remains of the signalling of a call, by command and over HTTP.</summary>
public sealed class CallTraceTests(RunningDemo demo)
{
    [Fact]
    public async Task A_refused_call_is_drawn_captured_and_written_to_the_data_folder()
    {
        var callId = await RefusedCallAsync("1998");
        var drawn = await demo.Server.CommandAsync(null, "calls", "trace", callId);
        drawn.ShouldContain($"Call-ID  {callId}\n");
        drawn.ShouldContain("state    failed: unknown_mailbox\n");
        drawn.ShouldContain(">|  INVITE sip:1998@127.0.0.1");
        drawn.ShouldContain("404 No Such Mailbox (INVITE)\n");
        drawn.ShouldNotContain("User-Agent:");
        (await demo.Server.CommandAsync(null, "calls", "trace", callId[..8], "--messages")).ShouldContain("    CSeq: 1 INVITE\n");
        (await demo.Server.CommandAsync(null, "calls", "recent")).ShouldContain($"failed: unknown_mailbox");

        var json = JsonSerializer.Deserialize<JsonElement>(await demo.Server.CommandAsync(null, "calls", "trace", callId, "--json"));
        json.GetProperty("failure").GetString().ShouldBe("unknown_mailbox");
        json.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("direction").GetString()).Take(2).ShouldBe(["received", "sent"]);

        using var place = new TemporaryDirectory();
        await demo.Server.CommandAsync(null, "calls", "trace", callId, "--pcap", place.File("call.pcap"));
        (await File.ReadAllBytesAsync(place.File("call.pcap"))).AsSpan(0, 4).ToArray().ShouldBe([0xD4, 0xC3, 0xB2, 0xA1]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(place.File("call.pcap")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var file = await FileOfAsync(callId);
        Path.GetFileName(file).ShouldContain("-unknown_mailbox-".Replace("_", "", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(file)).ShouldContain("    CSeq: 1 ACK\n");
        File.Exists(Path.ChangeExtension(file, ".pcap")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_trace_of_a_call_is_behind_the_token_and_tells_what_is_missing()
    {
        var callId = await RefusedCallAsync("1997");
        using var stranger = demo.Server.CreateClient(token: null);
        using var http = demo.Server.CreateClient(demo.Server.Token);
        foreach (var form in new[] { "trace", "trace.txt", "trace.pcap" })
        {
            var path = $"/api/v1/calls/{form}?call={Uri.EscapeDataString(callId)}";
            (await stranger.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await http.GetAsync($"/api/v1/calls/{form}?call=nobody-has-this")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await http.GetAsync($"/api/v1/calls/{form}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        var recent = await http.GetFromJsonAsync<JsonElement>("/api/v1/calls/recent");
        recent.GetProperty("calls").EnumerateArray().ShouldContain(call => call.GetProperty("call_id").GetString() == callId);
        (await stranger.GetStringAsync("/metrics")).ShouldContain("um_trace_messages_total{result=\"kept\"} ");
    }

    private async Task<string> RefusedCallAsync(string number)
    {
        var (code, output, _) = await ServerProcess.RunAsync(null, "call", number, "--json", "--data", demo.Server.Data);
        code.ShouldBe(1);
        return JsonSerializer.Deserialize<JsonElement>(output).GetProperty("call_id").GetString()!;
    }

    // It is written once the call has settled.
    private async Task<string> FileOfAsync(string callId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            foreach (var file in System.IO.Directory.GetFiles(Path.Combine(demo.Server.Data, "traces"), "*.txt"))
            {
                if ((await File.ReadAllTextAsync(file, limit.Token)).Contains(callId, StringComparison.Ordinal))
                {
                    return file;
                }
            }

            await Task.Delay(100, limit.Token);
        }
    }
}
