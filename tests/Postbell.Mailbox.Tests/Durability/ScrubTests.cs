using Microsoft.Extensions.Logging.Abstractions;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests.Durability;

/// <summary>The slow reading through everything in the background.</summary>
public sealed class ScrubTests
{
    [Fact]
    public async Task Damage_is_found_named_and_forgotten_when_the_bytes_are_sound_again()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\none");
        var blob = Blobs(opened).Single();
        var bytes = File.ReadAllBytes(blob);
        await opened.AppendAsync("Archive", "a: b\n\ntwo");
        File.Delete(Blobs(opened).Single(b => b != blob));
        File.WriteAllText(blob, "x");
        (await opened.Store.ReadConditionAsync(default)).Scrub.StartedAt.ShouldBeNull();
        await opened.Store.ScrubAsync(paced: false, default);
        var found = await opened.Store.ReadConditionAsync(default);
        found.IsSound.ShouldBeFalse();
        found.Damaged.Select(d => (d.UserName, d.What, d.IsMissing)).ShouldBe([("ann", "INBOX, UID 1", false), ("ann", "Archive, UID 1", true)], ignoreOrder: true);
        (found.Scrub.Checked, found.Scrub.FinishedAt).ShouldBe((2, opened.Time.GetUtcNow()));
        opened.Store.Statistics.DamageFound.ShouldBe(2);

        File.WriteAllBytes(blob, bytes);
        await MessageTests.DeleteAllAsync(opened, "Archive");
        opened.Time.Advance(TimeSpan.FromDays(1));
        await opened.Store.ScrubAsync(paced: false, default);
        (await opened.Store.ReadConditionAsync(default)).IsSound.ShouldBeTrue();
    }

    [Fact]
    public async Task Damage_met_while_reading_a_message_is_noted_too_and_survives_a_restart()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\none");
        File.AppendAllText(Blobs(opened).Single(), "x");
        var message = (await opened.Mailbox.ReadMessagesAsync((await opened.SelectAsync()).Folder.Id, [UidRange.All], default)).Single();
        (await FolderTests.Refusal(opened.Mailbox.ReadContentAsync(message, default))).ShouldBe(MailboxFailure.BlobDamaged);
        await opened.ReopenAsync();
        (await opened.Store.ReadConditionAsync(default)).Damaged.Single().What.ShouldBe("INBOX, UID 1");
    }

    [Fact]
    public async Task A_round_goes_on_after_a_restart_where_it_was_and_the_next_waits_its_time()
    {
        using var directory = new TemporaryDirectory();
        var time = new ManualTime();
        await using (var store = await OpenAsync(directory, time))
        {
            foreach (var user in new[] { "ann", "bo" })
            {
                var mailbox = await store.OpenMailboxAsync((await store.CreateAccountAsync(new NewAccount { UserName = user, DisplayName = user }, default)).Id, default);
                await mailbox.AppendAsync("INBOX", [.. Enumerable.Range(0, 60).Select(i => new NewMessage { Message = OpenedStore.Bytes($"Subject: {i}\n\nx") })], default);
            }

            // Paced by a clock that stands still: it begins, and waits after the first message.
            using var stop = new CancellationTokenSource();
            var round = store.ScrubAsync(paced: true, stop.Token);
            SpinWait.SpinUntil(
                () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(20));
                    return store.ReadConditionAsync(default).GetAwaiter().GetResult().Scrub.Checked == 50;
                },
                TimeSpan.FromSeconds(20)).ShouldBeTrue();
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(round);
        }

        await using (var store = await OpenAsync(directory, time))
        {
            await store.ScrubAsync(paced: false, default);
            (await store.ReadConditionAsync(default)).Scrub.Checked.ShouldBe(120);
            store.Statistics.Scrubbed.ShouldBe(70);
            (await store.ScrubAsync(paced: true, default)).ShouldBeGreaterThan(TimeSpan.FromDays(6));
            store.Statistics.Scrubbed.ShouldBe(70);
        }
    }

    [Fact]
    public async Task What_is_in_hand_is_no_orphan()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var hold = new ManualResetEventSlim();
        var held = opened.Store.Writer.WriteAsync(
            _ =>
            {
                hold.Wait();
                return true;
            },
            default);
        var append = opened.AppendAsync("INBOX", "a: b\n\nx");
        SpinWait.SpinUntil(() => Blobs(opened).Any(), TimeSpan.FromSeconds(10)).ShouldBeTrue();
        var sweep = opened.Store.SweepOrphansAsync(paced: false, default);
        hold.Set();
        await held;
        (await sweep).ShouldBe(0);
        await append;
        (await opened.Store.VerifyAsync(null, repair: true, default)).IsSound.ShouldBeTrue();
        MessageTests.BlobCount(opened).ShouldBe(1);
    }

    [Fact]
    public async Task Opening_reads_no_blob_and_removes_orphans_later()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\nx");
        var orphan = Path.Combine(Directory.CreateDirectory(opened.Directory.File("blobs/zz")).FullName, "orphan");
        File.WriteAllText(orphan, "x");
        await opened.ReopenAsync();
        File.Exists(orphan).ShouldBeTrue();
        SpinWait.SpinUntil(
            () =>
            {
                opened.Time.Advance(TimeSpan.FromSeconds(61));
                return !File.Exists(orphan);
            },
            TimeSpan.FromSeconds(20)).ShouldBeTrue();
        MessageTests.BlobCount(opened).ShouldBe(1);
    }

    private static Task<MailStore> OpenAsync(string directory, TimeProvider time) => MailStore.OpenAsync(
        new MailStoreOptions { DataDirectory = directory, PasswordIterations = 1, IndexText = false, ScrubOctetsPerSecond = 1000 }, time, NullLoggerFactory.Instance, default);

    private static IEnumerable<string> Blobs(OpenedStore opened) => Directory.EnumerateFiles(opened.Directory.File("blobs"), "*", SearchOption.AllDirectories);
}
