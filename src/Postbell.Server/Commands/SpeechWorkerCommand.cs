using System.CommandLine;
using System.Runtime.InteropServices;
using Postbell.Speech;

namespace Postbell.Server.Commands;

/// <summary><c>postbell speech-worker</c>: the inside of the process that speaks. The server starts it; it is of no use to people.</summary>
internal static class SpeechWorkerCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("speech-worker", "speaks for the server that started it") { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            // Ctrl+C reaches every process of the terminal; the worker is to end when the server closes its input, not before.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            await SpeechWorker.RunAsync(input, output, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }
}
