using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Media.Recording;
using Postbell.TestKit;
using static Postbell.Media.Tests.Recording.JournalTestFolder;

namespace Postbell.Media.Tests.Recording;

/// <summary>The program dies by SIGKILL at random moments, and what it promised is compared with what is found.</summary>
public sealed class JournalKillTests
{
    private const string FolderVariable = "POSTBELL_TEST_JOURNAL_FOLDER";
    private const int Callers = 20;
    private static readonly TimeSpan s_flushInterval = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task After_kill_9_completed_recordings_are_whole_and_running_ones_miss_less_than_the_last_second()
    {
        var random = new Random(20260301);
        for (var round = 0; round < 4; round++)
        {
            using var directory = new TemporaryDirectory();
            await RunAndKill(directory, TimeSpan.FromMilliseconds(random.Next(200, 1_500)));
            await Check(directory);
        }
    }

    /// <summary>The program that is killed: runs only when started by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var directory = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException("No folder.");
        await using var journal = Open(directory);
        await using var progress = new FileStream(Path.Combine(directory, "progress"), FileMode.Create);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => CallAgainAndAgain(journal, progress, i))));
    }

    private static RecordingJournal Open(string directory) => RecordingJournal.Open(
        new RecordingJournalOptions { Directory = Path.Combine(directory, "spool"), FlushInterval = s_flushInterval, SegmentBytes = 100_000 },
        TimeProvider.System, NullLogger.Instance);

    private static async Task CallAgainAndAgain(RecordingJournal journal, FileStream progress, int caller)
    {
        // Even callers speak on and on; odd ones leave short messages. 32 bytes for each caller: id, audio bytes, completed bytes.
        var state = new byte[32];
        for (var call = 0; ; call++)
        {
            var id = TraceId.New(TimeProvider.System);
            id.Value.TryWriteBytes(state);
            var recording = journal.Begin(id, "begun"u8.ToArray());
            var bytes = caller % 2 == 0 ? int.MaxValue : 160 * (1 + (call % 20));
            for (var at = 0; at < bytes; at += 160)
            {
                recording.Append(Audio(at + 160).AsSpan(at), G711Law.Mu);
                BitConverter.TryWriteBytes(state.AsSpan(16), at + 160L);
                RandomAccess.Write(progress.SafeFileHandle, state, caller * 32);
                await Task.Delay(caller % 2 == 0 ? 20 : 2);
            }

            await recording.CompleteAsync("complete"u8.ToArray(), default);
            await File.AppendAllTextAsync(Path.Combine(Path.GetDirectoryName(progress.Name)!, $"promised-{caller}"), $"{id} {bytes}\n");
        }
    }

    private static async Task RunAndKill(string directory, TimeSpan after)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"{typeof(JournalKillTests).FullName}.{nameof(Victim)}", "-explicit", "only"])
        {
            Environment = { [FolderVariable] = directory },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var victim = Process.Start(start)!;
        _ = victim.StandardOutput.ReadToEndAsync();
        _ = victim.StandardError.ReadToEndAsync();
        await RecordingJournalTests.Eventually(() => File.Exists(Path.Combine(directory, "promised-1")) || victim.HasExited);
        await Task.Delay(after);
        victim.Kill();
        await victim.WaitForExitAsync();
    }

    private static async Task Check(string directory)
    {
        await using var journal = Open(directory);
        var found = journal.Recovered.ToDictionary(r => r.Id);
        var promised = Directory.GetFiles(directory, "promised-*").SelectMany(File.ReadAllLines).Select(l => l.Split(' ')).ToList();
        promised.ShouldNotBeEmpty();
        foreach (var line in promised)
        {
            TraceId.TryParse(line[0], out var id).ShouldBeTrue();
            found[id].IsComplete.ShouldBeTrue();
            Join(await journal.ReadAsync(id, default)).ShouldBe(Audio(int.Parse(line[1])));
        }

        var progress = await File.ReadAllBytesAsync(Path.Combine(directory, "progress"));
        for (var caller = 0; caller < Callers; caller += 2)
        {
            var id = new TraceId(new Guid(progress.AsSpan(caller * 32, 16)));
            var spoken = BitConverter.ToInt64(progress, (caller * 32) + 16);
            var audio = found.ContainsKey(id) ? Join(await journal.ReadAsync(id, default)) : [];
            audio.ShouldBe(Audio(audio.Length));
            (spoken - audio.Length).ShouldBeLessThan(8_000, "more than the last second is missing");
        }
    }
}
