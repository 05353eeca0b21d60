using System.CommandLine;
using System.Globalization;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell trace ID</c>: the ledger of one message, step by step; without an id the latest steps of all.</summary>
internal static class TraceCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { Description = "trace id of a message or call (printed by queue, calls and the log)", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("trace", "the ledger of a message, step by step; without ID the latest steps of all") { id }.WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<TraceReply>(
            terminal, parsed.GetValue(id) is { } one ? $"api/v1/trace/{Uri.EscapeDataString(one)}" : "api/v1/trace", trace => Print(terminal, trace), cancellation));
        return command;
    }

    private static void Print(Terminal terminal, TraceReply reply) => terminal.WriteTable(
        ["ID", "TIME", "STEP", "DETAIL"],
        reply.Steps.Select(s => new[] { s.Id, s.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture), s.Stage, s.Detail }));
}
