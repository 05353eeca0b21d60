using System.CommandLine;
using Postbell.Core;

namespace Postbell.Server.Commands;

/// <summary>The whole command line: one command per file of this folder.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; every error becomes one line on the error stream and an exit code (1 failed, 2 usage).</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var parsed = Root(terminal).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            terminal.Error.WriteLine($"postbell: {DisplayText.Clean(parsed.Errors[0].Message, limit: 400)} (postbell {PathOf(parsed.CommandResult.Command)}--help tells more)");
            return ExitCode.Usage;
        }

        try
        {
            // The server handles its signals itself (drain first); the other commands simply end.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Out, Error = terminal.Error,
            });
        }
        catch (CommandFailedException failure)
        {
            terminal.Error.WriteLine($"postbell: {failure.Message}");
            return failure.ExitCode;
        }
        catch (Exception unexpected)
        {
            var detail = Environment.GetEnvironmentVariable("POSTBELL_DEBUG") is null ? unexpected.Message : unexpected.ToString();
            terminal.Error.WriteLine($"postbell: {unexpected.GetType().Name}: {detail}");
            return ExitCode.Failed;
        }
    }

    /// <summary>The root command with everything below it.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Postbell: a unified messaging server. Calls become messages in a mailbox that every door opens.")
        {
            UpCommand.Create(terminal),
            ServeCommand.Create(terminal),
            StatusCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            CallsCommand.Create(terminal),
            QueueCommand.Create(terminal),
            UserCommand.Create(terminal),
            MailboxCommand.Create(terminal),
            TraceCommand.Create(terminal),
            CallCommand.Create(terminal),
            SpeechWorkerCommand.Create(),
        };
        return root;
    }

    private static string PathOf(Command command) =>
        command is RootCommand ? "" : string.Concat(command.Parents.OfType<Command>().Select(PathOf)) + command.Name + " ";
}
