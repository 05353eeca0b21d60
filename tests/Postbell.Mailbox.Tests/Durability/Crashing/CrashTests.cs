using System.Diagnostics;
using System.Globalization;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests.Durability.Crashing;

/// <summary>
/// A process that appends, flags, moves and expunges in four places at once is killed at any moment, also while it opens the store. Then everything it said
/// the store had acknowledged must be there, and what it had only begun must be there whole or not at all.
/// </summary>
public sealed class CrashTests
{
    [Fact]
    public Task Everything_acknowledged_is_there_when_the_process_is_killed_at_any_moment() => KillAsync(kills: 25);

    /// <summary>POSTBELL_KILLS says how often.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public Task Everything_acknowledged_is_there_after_thousands_of_kills() =>
        KillAsync(int.Parse(Environment.GetEnvironmentVariable("POSTBELL_KILLS") ?? "2000", CultureInfo.InvariantCulture));

    private static async Task KillAsync(int kills)
    {
        using var directory = new TemporaryDirectory();
        await CrashScene.MakeAsync(directory);
        var seed = Environment.TickCount & 0xFFFFFF;
        var random = new Random(seed);
        var model = new CrashModel();
        for (var kill = 0; kill < kills; kill++)
        {
            var said = await RunAndKillAsync(directory, model.HighestNumber + 1, random);
            try
            {
                said.ForEach(line => model.Note(CrashLine.Parse(line)));
                if (said.Count > 0)
                {
                    model.Compare(await FindAsync(directory));
                }

                if (kill % 40 == 39)
                {
                    await PurgeAsync(directory);
                    model.ForgetRemoved();
                }
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"After kill {kill}, seed {seed}:\n{string.Join('\n', said.TakeLast(20))}", wrong);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, {model.Acknowledged} acknowledged ({model.Refused} refused as over quota), cut off and done {model.CutOff.Done}, cut off and not done {model.CutOff.Undone}, seed {seed}");
        model.Acknowledged.ShouldBeGreaterThan(kills * 4);
        (model.CutOff.Done + model.CutOff.Undone).ShouldBeGreaterThan(kills / 4);
    }

    /// <summary>Every line the process said before it was killed: after some lines, or some milliseconds after its start.</summary>
    private static async Task<List<string>> RunAndKillAsync(string directory, int first, Random random)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Under "dotnet test" the process is the dotnet host and wants the assembly first.
        string[] host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(CrashTests).Assembly.Location] : [];
        foreach (var argument in (string[])[.. host, CrashingProcess.Command, directory, $"{first}", $"{random.Next()}"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var lines = new List<string>();
        using var early = random.Next(5) == 0 ? new CancellationTokenSource(random.Next(300)) : new CancellationTokenSource();
        await using var killed = early.Token.Register(process.Kill);
        var most = random.Next(1, 120);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (lines.Count == most)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(128 + 9);
        return lines;
    }

    // Else what was removed would be more and more.
    private static async Task PurgeAsync(string directory)
    {
        await using var store = await CrashScene.OpenAsync(directory, TimeSpan.Zero);
        await store.ApplyRetentionAsync(default);
    }

    private static async Task<Dictionary<int, CrashedMessage>> FindAsync(string directory)
    {
        await using var store = await CrashScene.OpenAsync(directory);
        var found = new Dictionary<int, CrashedMessage>();
        foreach (var account in await store.ListAccountsAsync(default))
        {
            var mailbox = await store.OpenMailboxAsync(account.Id, default);
            var (octets, count) = (0L, 0);
            foreach (var folder in await mailbox.ListFoldersAsync(default))
            {
                foreach (var message in await mailbox.ReadMessagesAsync(folder.Id, [UidRange.All], default))
                {
                    var number = CrashScene.NumberOf(message);
                    Assert.True(found.TryAdd(number, new CrashedMessage(folder.Name, message.Flags.ToString(), message.Uid)), $"Message {number} is there twice.");
                    Assert.True((await mailbox.ReadContentAsync(message, default)).Span.SequenceEqual(DeliveringProcess.Message(number)), $"Message {number} has other bytes.");
                    (octets, count) = (octets + message.Size, count + 1);
                }
            }

            foreach (var removed in await mailbox.ListRemovedAsync(default, int.MaxValue, default))
            {
                // Its number there serves as UID: it is not known before, and never given twice.
                var number = int.Parse(removed.Envelope.Subject!.Split('-')[1]);
                Assert.True(found.TryAdd(number, new CrashedMessage(CrashScene.Removed(account.UserName), removed.Flags.ToString(), (uint)removed.Id)), $"Message {number} is there twice.");
            }

            var usage = await mailbox.ReadUsageAsync(default);
            (usage.Octets, usage.Messages).ShouldBe((octets, (long)count));
            Assert.True(account.UserName != "small" || count <= CrashScene.SmallLimit, "The quota was passed.");
        }

        await store.SweepOrphansAsync(paced: false, default);
        var files = Directory.EnumerateFiles(Path.Combine(directory, "blobs"), "*", SearchOption.AllDirectories).Count();
        Assert.True(files == found.Count, $"{files} files hold {found.Count} messages.");
        return found;
    }
}
