using System.CommandLine;
using System.Globalization;
using System.Text;
using Postbell.Server.Hosting;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell calls trace CALL</c>: the signalling of a call as a ladder; <c>postbell calls recent</c>: the calls that have one.</summary>
internal static class CallTraceCommand
{
    /// <summary>The command <c>trace</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var call = new Argument<string>("CALL") { Description = "id or SIP Call-ID (or how it begins) of a running or recent call, last, or failed for the last that failed" };
        var messages = new Option<bool>("--messages") { Description = "print every message whole" };
        var pcap = new Option<FileInfo?>("--pcap") { Description = "write a capture for Wireshark or sngrep; messages of TCP and TLS are written as UDP", HelpName = "FILE" };
        var command = new Command("trace", "the SIP messages of a call as a ladder") { call, messages, pcap }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var query = $"?call={Uri.EscapeDataString(parsed.GetRequiredValue(call))}";
            if (parsed.GetValue(pcap) is { } file)
            {
                Save(file.FullName, await server.GetBytesAsync($"api/v1/calls/trace.pcap{query}", cancellation));
            }
            else if (parsed.GetValue(ServerOptions.AsJson))
            {
                terminal.WriteJson(await server.GetAsync($"api/v1/calls/trace{query}", cancellation));
            }
            else
            {
                var whole = parsed.GetValue(messages) ? "&messages=true" : "";
                await terminal.Out.WriteAsync(Encoding.UTF8.GetString(await server.GetBytesAsync($"api/v1/calls/trace.txt{query}{whole}", cancellation)));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The command <c>recent</c>.</summary>
    public static Command CreateRecent(Terminal terminal)
    {
        var command = new Command("recent", "running and ended calls whose SIP messages are remembered, the newest first").WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<RecentCallsReply>(terminal, "api/v1/calls/recent", calls => Print(terminal, calls), cancellation));
        return command;
    }

    private static void Print(Terminal terminal, RecentCallsReply reply) => terminal.WriteTable(
        ["ID", "BEGAN", "STATE", "MESSAGES", "CALL-ID"],
        reply.Calls.Select(call => new[]
        {
            call.Id, call.BeganAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            call.Failure is null ? call.State : $"{call.State}: {call.Failure}", call.Messages.ToString(CultureInfo.InvariantCulture), call.CallId,
        }));

    private static void Save(string path, byte[] content)
    {
        try
        {
            PrivateFile.Write(path, content);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot write {path}: {fault.Message}");
        }
    }
}
