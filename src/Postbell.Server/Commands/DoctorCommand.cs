using System.CommandLine;
using System.Text.Json;
using Postbell.Mailbox;
using Postbell.Server.Configuration;
using Postbell.Server.Diagnosis;
using Postbell.Server.Hosting;
using Postbell.Server.Http;
using Postbell.Telephony.GatewayHealth;

namespace Postbell.Server.Commands;

/// <summary><c>postbell doctor</c>: what on this machine keeps Postbell from working well, and what to do about it. Works with and without a running server.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new Command("doctor", "looks for what keeps Postbell from working well on this machine") { ServerOptions.Data, ServerOptions.AsJson };
        command.SetAction((parsed, cancellation) => RunAsync(terminal, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellation)
    {
        var layout = new DataLayout(parsed.GetValue(ServerOptions.Data)!);
        var findings = new List<Finding>
        {
            Machine.OpenFiles(), Machine.Library("speech", "libflite.so.1", "libflite1"), Machine.Library("mp3", "libmp3lame.so.0", "libmp3lame0"),
            Machine.Library("srtp", "libsrtp2.so.1", "libsrtp2-1"),
            Machine.Library("g722", "libspandsp.so.2", "libspandsp2"), Machine.Library("opus", "libopus.so.0", "libopus0"),
            Machine.Folder(layout), Machine.FreeSpace(layout), Machine.DiskFlush(layout),
        };
        findings.AddRange(await AskServerAsync(layout, parsed, cancellation));
        if (parsed.GetValue(ServerOptions.AsJson))
        {
            terminal.WriteJson(new { findings });
        }
        else
        {
            terminal.WriteTable(["STATE", "WHAT", "DETAIL"], findings.Select(f => new[] { f.State.ToString(), f.Name, f.Detail }));
        }

        return findings.Any(f => f.State == FindingState.Bad) ? ExitCode.Failed : ExitCode.Ok;
    }

    // Without a smart host nothing is wrong unless somebody wants to send.
    private static Finding Judge(OutboundReply outbound) =>
        new("outbound mail", outbound.Ok ? FindingState.Good : outbound.SmartHost is null ? FindingState.Note : FindingState.Bad, outbound.Detail);

    // No more than a note: there are gateways that send calls and answer no OPTIONS.
    private static Finding Judge(ProbeRow probe) => new(
        $"gateway: {probe.Gateway}",
        probe.State == GatewayState.Down ? FindingState.Note : FindingState.Good,
        probe.State == GatewayState.Down ? $"does not answer OPTIONS since {probe.Since:u}" : probe.State == GatewayState.Up ? "answers" : "not asked yet");

    // Without any address the gateway's calls are refused; with those of before it works until it moves.
    private static Finding Judge(GatewayNameRow gateway)
    {
        var known = gateway.Addresses.Count > 0 ? string.Join(", ", gateway.Addresses) : "no address";
        return gateway.Problem is not { } problem
            ? new Finding($"gateway name: {gateway.Name}", FindingState.Good, $"{gateway.HostName} is at {known}")
            : new Finding($"gateway name: {gateway.Name}", gateway.Addresses.Count > 0 ? FindingState.Note : FindingState.Bad, $"{gateway.HostName}: {problem}; known: {known}");
    }

    private static async Task<IEnumerable<Finding>> AskServerAsync(DataLayout layout, ParseResult parsed, CancellationToken cancellation)
    {
        if (!File.Exists(layout.Running))
        {
            var taken = ListenPorts.Wanted(DemoConfiguration.Create(layout.Root, 0)).Select(ListenPorts.Problem).OfType<string>().ToArray();
            return [new Finding("server", FindingState.Note, "none runs on this data folder"), new Finding(
                "ports of up", taken.Length == 0 ? FindingState.Good : FindingState.Note, taken.Length == 0 ? "free" : string.Join(", ", taken))];
        }

        try
        {
            using var server = parsed.Connect();
            var status = (await server.GetAsync("api/v1/status", cancellation)).Deserialize<StatusReply>(Json.Options)!;
            var outbound = (await server.GetAsync("api/v1/outbound", cancellation)).Deserialize<OutboundReply>(Json.Options)!;
            var store = (await server.GetAsync("api/v1/store", cancellation)).Deserialize<StoreCondition>(Json.Options)!;
            return
            [
                Judge(outbound), .. StoreFindings.Of(store), .. status.Checks.Select(c => new Finding($"server: {c.Name}", c.Ok ? FindingState.Good : FindingState.Bad, c.Detail)),
                .. status.Probes.Select(Judge), .. status.GatewayNames.Select(Judge),
            ];
        }
        catch (CommandFailedException silent)
        {
            return [new Finding("server", FindingState.Bad, silent.Message)];
        }
    }
}
