using Postbell.Mailbox.Tests.Durability;

namespace Postbell.Mailbox.Tests;

/// <summary>Runs the tests, or plays the process that is killed in the middle of its writes.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args is [DeliveringProcess.Command, var directory, var first]
        ? await DeliveringProcess.RunAsync(directory, int.Parse(first))
        : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
