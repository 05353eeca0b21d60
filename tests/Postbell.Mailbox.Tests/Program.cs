using Postbell.Mailbox.Tests.Durability;
using Postbell.Mailbox.Tests.Durability.Crashing;

namespace Postbell.Mailbox.Tests;

/// <summary>Runs the tests, or plays the process that is killed in the middle of its writes.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        [DeliveringProcess.Command, var directory, var first] => await DeliveringProcess.RunAsync(directory, int.Parse(first)),
        [CrashingProcess.Command, var directory, var first, var seed] => await CrashingProcess.RunAsync(directory, int.Parse(first), int.Parse(seed)),
        _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };
}
