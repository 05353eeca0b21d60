using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests.Durability;

public sealed class KillTests
{
    private const int Kills = 12;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_process_is_killed_at_any_moment()
    {
        using var directory = new TemporaryDirectory();
        await using (var store = await OpenedStore.OpenAsync(directory, TimeProvider.System))
        {
            await store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann" }, default);
        }

        var random = new Random(11);
        var acknowledged = new Dictionary<int, uint>();
        for (var kill = 0; kill < Kills; kill++)
        {
            // The next process begins a little before the end of the last one: what it does again must not be doubled.
            var first = acknowledged.Count == 0 ? 1 : Math.Max(1, acknowledged.Keys.Max() - 8);
            await DeliverAndKillAsync(directory, first, lines: random.Next(0, 60), acknowledged);
        }

        acknowledged.Count.ShouldBeGreaterThan(Kills * 5);
        await VerifyAsync(directory, acknowledged);
    }

    private static async Task DeliverAndKillAsync(string directory, int first, int lines, Dictionary<int, uint> acknowledged)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in Arguments(directory, first))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        for (var i = 0; await process.StandardOutput.ReadLineAsync() is { } line; i++)
        {
            Note(line, acknowledged);
            if (i == lines)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldNotBe(0);
    }

    // Under "dotnet test" the process is the dotnet host and wants the assembly first.
    private static IEnumerable<string> Arguments(string directory, int first)
    {
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            yield return typeof(KillTests).Assembly.Location;
        }

        yield return DeliveringProcess.Command;
        yield return directory;
        yield return first.ToString();
    }

    private static void Note(string line, Dictionary<int, uint> acknowledged)
    {
        var parts = line.Split(' ');
        var (number, uid) = (int.Parse(parts[0]), uint.Parse(parts[1]));
        // A second delivery of the same key must answer as the first did.
        Assert.True(acknowledged.TryAdd(number, uid) || acknowledged[number] == uid);
    }

    private static async Task VerifyAsync(string directory, Dictionary<int, uint> acknowledged)
    {
        await using var store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = directory }, TimeProvider.System, NullLoggerFactory.Instance, default);
        var mailbox = await store.OpenMailboxAsync((await store.FindAccountAsync("ann", default))!.Id, default);
        var snapshot = await mailbox.OpenFolderAsync("INBOX", readOnly: true, default);
        var found = new Dictionary<int, uint>();
        foreach (var message in await mailbox.ReadMessagesAsync(snapshot.Folder.Id, [UidRange.All], default))
        {
            var number = int.Parse(message.Envelope.Subject!.Split('-')[1]);
            Assert.True(found.TryAdd(number, message.Uid), $"Message {number} is there twice.");
            Assert.True((await mailbox.ReadContentAsync(message, default)).Span.SequenceEqual(DeliveringProcess.Message(number)));
        }

        foreach (var (number, uid) in acknowledged)
        {
            Assert.True(found.TryGetValue(number, out var stored) && stored == uid, $"Message {number} was acknowledged and is not there.");
        }

        await store.SweepOrphansAsync(paced: false, default);
        Directory.EnumerateFiles(Path.Combine(directory, "blobs"), "*", SearchOption.AllDirectories).Count().ShouldBe(found.Count);
    }
}
