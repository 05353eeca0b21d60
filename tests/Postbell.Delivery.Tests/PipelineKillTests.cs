using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Media.Recording;
using Postbell.TestKit;

namespace Postbell.Delivery.Tests;

/// <summary>
/// The whole way from recording to mailbox in a program that dies by SIGKILL at random moments, again and again on the same data. Then everything
/// it promised must be in the mailbox, once.
/// </summary>
public sealed class PipelineKillTests
{
    private const string FolderVariable = "POSTBELL_TEST_DELIVERY_FOLDER";
    private const int Callers = 12;
    private const int Rounds = 3;

    [Fact]
    public async Task After_kill_9_every_promised_message_is_in_the_mailbox_once_and_interrupted_ones_are_recovered()
    {
        using var data = new TemporaryDirectory();
        var random = new Random(20260302);
        for (var round = 0; round < Rounds; round++)
        {
            await RunAndKill(data, TimeSpan.FromMilliseconds(random.Next(150, 1_200)));
        }

        var promised = System.IO.Directory.GetFiles(data, "promised-*").SelectMany(File.ReadAllLines).ToList();
        promised.Count.ShouldBeGreaterThan(Rounds * Callers);
        var (delivered, interrupted) = await FinishAsync(data);

        delivered.ShouldBeUnique();
        promised.Except(delivered).ShouldBeEmpty();
        interrupted.ShouldBeGreaterThan(0);
        var begun = System.IO.Directory.GetFiles(data, "begun-*").SelectMany(File.ReadAllLines).ToHashSet();
        delivered.ShouldAllBe(id => begun.Contains(id));
    }

    /// <summary>The program that is killed: runs only when started by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var data = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException("No folder.");
        await using var house = await House.OpenAsync(data);
        await File.WriteAllTextAsync(Path.Combine(data, "started"), "");
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => CallAgainAndAgain(house, data, i))));
    }

    private static async Task CallAgainAndAgain(House house, string data, int caller)
    {
        var random = new Random(caller);
        for (; ;)
        {
            var envelope = Sample.Envelope(TraceId.New(TimeProvider.System)) with
            {
                AccountId = house.Account, ReceivedAt = TimeProvider.System.GetUtcNow(), Format = AttachmentFormat.Mp3,
            };
            await File.AppendAllTextAsync(Path.Combine(data, $"begun-{caller}"), envelope.Id + "\n");
            var entry = house.Spool.Begin(envelope);
            foreach (var _ in Enumerable.Range(0, random.Next(1, 8)))
            {
                Sample.Speak(entry.Sink, Sample.Speech(TimeSpan.FromSeconds(0.5)));
                await Task.Delay(random.Next(1, 60));
            }

            await entry.SubmitAsync(envelope, default);
            await File.AppendAllTextAsync(Path.Combine(data, $"promised-{caller}"), envelope.Id + "\n");
        }
    }

    private static async Task RunAndKill(string data, TimeSpan after)
    {
        var started = Path.Combine(data, "started");
        File.Delete(started);
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"{typeof(PipelineKillTests).FullName}.{nameof(Victim)}", "-explicit", "only"])
        {
            Environment = { [FolderVariable] = data },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var victim = Process.Start(start)!;
        _ = victim.StandardOutput.ReadToEndAsync();
        _ = victim.StandardError.ReadToEndAsync();
        await PipelineHouse.Eventually(() => File.Exists(started) || victim.HasExited);
        await Task.Delay(after);
        victim.HasExited.ShouldBeFalse();
        victim.Kill();
        await victim.WaitForExitAsync();
    }

    private static async Task<(List<string> Delivered, int Interrupted)> FinishAsync(string data)
    {
        await using var house = await House.OpenAsync(data);
        await PipelineHouse.Eventually(() => house.Pipeline.QueueSnapshot().Count == 0);
        var mailbox = await house.Store.OpenMailboxAsync(house.Account, default);
        var inbox = (await mailbox.FindFolderAsync("INBOX", default))!;
        var messages = await mailbox.ReadMessagesAsync(inbox.Id, [new UidRange(1, uint.MaxValue)], default);
        var interrupted = messages.Count(m => m.Envelope.Subject!.Contains("interrupted", StringComparison.Ordinal));
        return ([.. messages.Select(m => m.Envelope.MessageId!.Trim('<', '>').Split('@')[0])], interrupted);
    }

    /// <summary>Store, journal and pipeline over one data folder, as a server puts them together.</summary>
    private sealed class House : IAsyncDisposable
    {
        private readonly TimerWheel _wheel = new(TimeProvider.System);
        private readonly RecordingJournal _journal;

        private House(MailStore store, RecordingJournal journal, long account)
        {
            Store = store;
            _journal = journal;
            Account = account;
            Spool = new Spool(journal);
            Pipeline = new DeliveryPipeline(Spool, new MailStoreTarget(store), new DeliveryOptions(), _wheel, NullLoggerFactory.Instance);
        }

        public MailStore Store { get; }

        public long Account { get; }

        public Spool Spool { get; }

        public DeliveryPipeline Pipeline { get; }

        public static async Task<House> OpenAsync(string data)
        {
            var store = await MailStore.OpenAsync(new MailStoreOptions { DataDirectory = data }, TimeProvider.System, NullLoggerFactory.Instance, default);
            var account = await store.FindAccountAsync("ada", default)
                ?? await store.CreateAccountAsync(new NewAccount { UserName = "ada", DisplayName = "Ada Smith" }, default);
            var options = new RecordingJournalOptions
            {
                Directory = Path.Combine(data, "spool"), FlushInterval = TimeSpan.FromMilliseconds(100), SegmentBytes = 200_000,
            };
            var house = new House(store, RecordingJournal.Open(options, TimeProvider.System, NullLogger.Instance), account.Id);
            await house.Pipeline.StartAsync(default);
            return house;
        }

        public async ValueTask DisposeAsync()
        {
            await Pipeline.DisposeAsync();
            await _journal.DisposeAsync();
            await Store.DisposeAsync();
            _wheel.Dispose();
        }
    }
}
