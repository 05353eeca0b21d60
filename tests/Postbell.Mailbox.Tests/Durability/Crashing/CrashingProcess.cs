using System.Text;

namespace Postbell.Mailbox.Tests.Durability.Crashing;

/// <summary>The process that is killed: several workers change one store without end.</summary>
internal static class CrashingProcess
{
    public const string Command = "change-until-killed";

    public static async Task<int> RunAsync(string directory, int first, int seed)
    {
        await using var store = await CrashScene.OpenAsync(directory);
        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();
        var next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, CrashScene.Workers).Select(worker => Task.Run(() =>
            new CrashWorker(store, worker, () => Interlocked.Increment(ref next), Say, new Random(seed + worker)).RunAsync())));
        return 0;

        void Say(string line)
        {
            lock (gate)
            {
                // One write call per line: a line is there whole or not at all.
                output.Write(Encoding.ASCII.GetBytes(line + "\n"));
            }
        }
    }
}
