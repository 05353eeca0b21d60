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
        return command;
    }

    private static void Print(Terminal terminal, QueueReply reply) => terminal.WriteTable(
        ["ID", "KIND", "FOR", "STATE", "TRIES", "AGE s", "LAST PROBLEM"],
        reply.Messages.Select(m => new[]
        {
            m.Id, m.Kind, m.Recipient, m.State, m.Attempts.ToString(CultureInfo.InvariantCulture), m.AgeSeconds.ToString("0", CultureInfo.InvariantCulture), m.LastProblem ?? "",
        }));
}
