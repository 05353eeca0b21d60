using System.CommandLine;
using System.Globalization;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell status</c>: whether the server is well, where it listens, how much it does.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new Command("status", "whether the server is well, where it listens, how much it does").WithServer();
        command.SetAction((parsed, cancellation) => RunAsync(terminal, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellation)
    {
        using var server = parsed.Connect();
        var answer = await server.GetAsync("api/v1/status", cancellation);
        var ready = answer.GetProperty("ready").GetBoolean();
        parsed.Print<StatusReply>(terminal, answer, status => Print(terminal, status));
        return ready ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Print(Terminal terminal, StatusReply status)
    {
        terminal.Out.WriteLine($"Postbell {status.Version}, {(status.Ready ? "ready" : "NOT ready")}, up {Age(status.UptimeSeconds)}, data in {status.Data}");
        terminal.Out.WriteLine($"calls now: {status.CallsActive}; messages on their way: {status.QueueLength}");
        terminal.WriteTable(["DOOR", "ADDRESS"], status.Doors.Select(door => new[] { door.Name, door.Address }));
        terminal.Out.WriteLine();
        terminal.WriteTable(["CHECK", "STATE", "DETAIL"], status.Checks.Select(check => new[] { check.Name, check.Ok ? "ok" : "FAILED", check.Detail }));
        if (status.Probes.Count > 0)
        {
            terminal.Out.WriteLine();
            terminal.WriteTable(["GATEWAY", "STATE", "SINCE", "ANSWER"], status.Probes.Select(probe => new[]
            {
                probe.Gateway,
                probe.State.ToString(),
                probe.Since?.ToString("u", CultureInfo.InvariantCulture) ?? "",
                probe.LastStatus is { } last ? string.Create(CultureInfo.InvariantCulture, $"{last} after {probe.RoundTripMilliseconds} ms") : "none",
            }));
        }

        if (status.GatewayNames.Count > 0)
        {
            terminal.Out.WriteLine();
            terminal.WriteTable(
                ["GATEWAY", "HOST NAME", "ADDRESSES", "LOOK-UP"],
                status.GatewayNames.Select(g => new[] { g.Name, g.HostName, string.Join(", ", g.Addresses), g.Problem ?? "ok" }));
        }
    }

    private static string Age(double seconds)
    {
        var age = TimeSpan.FromSeconds(Math.Floor(seconds));
        return age.ToString(age.Days > 0 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);
    }
}
