using System.CommandLine;
using System.Globalization;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell calls</c>: the calls of this moment.</summary>
internal static class CallsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new Command("calls", "the calls of this moment").WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<CallsReply>(terminal, "api/v1/calls", calls => Print(terminal, calls), cancellation));
        command.Add(CallTraceCommand.Create(terminal));
        command.Add(CallTraceCommand.CreateRecent(terminal));
        command.Add(CallOrderCommands.CreateTransfer(terminal));
        command.Add(CallOrderCommands.CreateKeys());
        command.Add(CallOrderCommands.CreateHangup());
        return command;
    }

    private static void Print(Terminal terminal, CallsReply reply) => terminal.WriteTable(
        ["ID", "FROM", "FOR", "STATE", "SECONDS", "MOS", "LOSS %", "JITTER ms"],
        reply.Calls.Select(call => new[]
        {
            call.Id, call.Caller, $"{call.CalledName} <{call.Called}>", call.State.ToString(), call.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
            Number(call.Quality?.Mos, "0.00"), Number(call.Quality?.LossPercent, "0.0"), Number(call.Quality?.JitterMs, "0.0"),
        }));

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
