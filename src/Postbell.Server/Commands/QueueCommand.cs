using System.CommandLine;
using System.Globalization;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell queue</c>: messages between recording and mailbox.</summary>
internal static class QueueCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new Command("queue", "messages between recording and mailbox").WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<QueueReply>(terminal, "api/v1/queue", queue => Print(terminal, queue), cancellation));
        command.Add(CreateRetry());
        command.Add(CreateDelete());
        return command;
    }

    private static Command CreateRetry()
    {
        var id = new Argument<string>("ID") { Description = "trace id of a message that waits or is held" };
        var command = new Command("retry", "tries a message at once") { id }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            await server.SendAsync(HttpMethod.Post, $"api/v1/queue/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/retry", null, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command CreateDelete()
    {
        var id = new Argument<string>("ID") { Description = "id of a message for another mail server" };
        var reason = new Option<string>("--reason") { Description = "why; its sender gets to read it", Required = true };
        var command = new Command("delete", "gives up a message for another mail server and tells its sender") { id, reason }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var path = $"api/v1/queue/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}?reason={Uri.EscapeDataString(parsed.GetRequiredValue(reason))}";
            await server.SendAsync(HttpMethod.Delete, path, null, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, QueueReply reply) => terminal.WriteTable(
        ["ID", "KIND", "FOR", "STATE", "FAILED TRIES", "AGE s", "LAST PROBLEM"],
        reply.Messages.Select(m => new[]
        {
            m.Id, m.Kind, m.Recipient, $"{m.State} ({m.Stage})", m.FailedAttempts.ToString(CultureInfo.InvariantCulture), m.AgeSeconds.ToString("0", CultureInfo.InvariantCulture), m.LastProblem ?? "",
        }));
}
