using Postbell.Media.Recording;
using static Postbell.Media.Tests.Recording.JournalTestFolder;

namespace Postbell.Media.Tests.Recording;

public sealed class JournalDiskTroubleTests : IDisposable
{
    private readonly JournalTestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_failed_sync_fails_everybody_who_waits_and_everything_after()
    {
        await using var journal = _folder.Open();
        var recordings = Enumerable.Range(0, 3).Select(_ => journal.Begin(_folder.NewId(), default)).ToList();
        recordings.ForEach(r => Speak(r, Audio(800)));
        await journal.FlushAsync();
        _folder.Disk.SyncError = new IOException("bad sector", 5);

        var waiting = recordings.Take(2).Select(r => r.CompleteAsync(default, default)).ToList();
        foreach (var task in waiting)
        {
            (await Should.ThrowAsync<JournalRefusedException>(() => task)).Reason.ShouldBe(JournalRefusal.SyncFailed);
        }

        // The disk looks well again: that must not be believed.
        _folder.Disk.SyncError = null;
        journal.Healthy.ShouldBeFalse();
        Speak(recordings[2], Audio(100_000));
        (await Should.ThrowAsync<JournalRefusedException>(() => recordings[2].CompleteAsync(default, default))).Reason.ShouldBe(JournalRefusal.SyncFailed);
        Should.Throw<JournalRefusedException>(() => journal.Begin(_folder.NewId(), default)).Reason.ShouldBe(JournalRefusal.SyncFailed);
        await Should.ThrowAsync<JournalRefusedException>(journal.FlushAsync);
        journal.Statistics.LostBytes.ShouldBe(100_000);
        journal.Statistics.BufferedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_safe_before_the_disk_failed_can_still_be_read()
    {
        await using var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        Speak(recording, Audio(800));
        await recording.CompleteAsync(default, default);
        _folder.Disk.WriteError = new IOException("bad sector", 5);
        await Should.ThrowAsync<JournalRefusedException>(() => journal.Begin(_folder.NewId(), default).CompleteAsync(default, default));

        journal.Refusal.ShouldBe(JournalRefusal.WriteFailed);
        Join(await journal.ReadAsync(recording.Id, default)).ShouldBe(Audio(800));
    }

    [Fact]
    public async Task A_full_disk_is_named_and_what_was_promised_before_survives()
    {
        var kept = _folder.NewId();
        await using (var journal = _folder.Open())
        {
            var recording = journal.Begin(kept, default);
            Speak(recording, Audio(800));
            await recording.CompleteAsync(default, default);
            var unlucky = journal.Begin(_folder.NewId(), default);
            Speak(unlucky, Audio(4_000));
            _folder.Disk.WriteError = new IOException("No space left on device", 28);
            (await Should.ThrowAsync<JournalRefusedException>(() => unlucky.CompleteAsync(default, default))).Reason.ShouldBe(JournalRefusal.DiskFull);
            journal.Refusal.ShouldBe(JournalRefusal.DiskFull);
        }

        _folder.Disk.WriteError = null;
        await using var reopened = _folder.Open();
        reopened.Recovered.ShouldContain(r => r.Id == kept && r.IsComplete);
        Join(await reopened.ReadAsync(kept, default)).ShouldBe(Audio(800));
    }

    [Fact]
    public async Task With_little_space_left_no_recording_is_begun_but_the_running_ones_end_well()
    {
        await using var journal = _folder.Open();
        var running = journal.Begin(_folder.NewId(), default);
        _folder.Disk.Available = 1_000_000;
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        await RecordingJournalTests.Eventually(() => journal.Refusal == JournalRefusal.DiskLow);

        Should.Throw<JournalRefusedException>(() => journal.Begin(_folder.NewId(), default)).Reason.ShouldBe(JournalRefusal.DiskLow);
        journal.Healthy.ShouldBeTrue();
        Speak(running, Audio(800));
        await running.CompleteAsync(default, default);

        _folder.Disk.Available = long.MaxValue;
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        await RecordingJournalTests.Eventually(() => journal.Refusal == JournalRefusal.None);
        journal.Begin(_folder.NewId(), default).Discard();
    }

    [Fact]
    public async Task A_stalled_disk_first_refuses_new_recordings_then_leaves_counted_gaps()
    {
        await using var journal = _folder.Open(o => o with { MaxBufferedBytes = 10 * 8_000 });
        var recording = journal.Begin(_folder.NewId(), default);
        await journal.FlushAsync();
        _folder.Disk.SyncEntered.Reset();
        _folder.Disk.Gate.Reset();
        var stalled = journal.Begin(_folder.NewId(), default).CompleteAsync(default, default);
        _folder.Disk.SyncEntered.Wait();

        var audio = Audio(120_000);
        Speak(recording, audio);
        journal.Refusal.ShouldBe(JournalRefusal.Overloaded);
        Should.Throw<JournalRefusedException>(() => journal.Begin(_folder.NewId(), default)).Reason.ShouldBe(JournalRefusal.Overloaded);
        recording.LostBytes.ShouldBe(40_000);
        recording.Duration.ShouldBe(TimeSpan.FromSeconds(15));

        _folder.Disk.Gate.Set();
        await stalled;
        await journal.FlushAsync();
        Speak(recording, Audio(1_600, seed: 3));
        await recording.CompleteAsync(default, default);
        var read = await journal.ReadAsync(recording.Id, default);
        read.Gap.ShouldBe(TimeSpan.FromSeconds(5));
        Join(read).ShouldBe([.. audio[..80_000], .. Enumerable.Repeat((byte)0xFF, 40_000), .. Audio(1_600, seed: 3)]);
        journal.Statistics.BackPressure.ShouldBeGreaterThan(1);
        journal.Statistics.LostBytes.ShouldBe(40_000);
        journal.Refusal.ShouldBe(JournalRefusal.None);
    }

    [Fact]
    public async Task When_there_is_space_again_recordings_are_taken_and_those_it_cost_are_never_promised()
    {
        var later = _folder.NewId();
        await using (var journal = _folder.Open())
        {
            var running = journal.Begin(_folder.NewId(), default);
            Speak(running, Audio(4_000));
            _folder.Disk.WriteError = new IOException("No space left on device", 28);
            await Should.ThrowAsync<JournalRefusedException>(journal.FlushAsync);
            journal.Refusal.ShouldBe(JournalRefusal.DiskFull);

            // Space, the system says, but the write fails still: refused as before, and no heap of files.
            _folder.Time.Advance(TimeSpan.FromSeconds(5));
            journal.Refusal.ShouldBe(JournalRefusal.DiskFull);
            _folder.Disk.WriteError = null;
            await RecordingJournalTests.Eventually(() =>
            {
                _folder.Time.Advance(TimeSpan.FromSeconds(1));
                return journal.Refusal == JournalRefusal.None;
            });
            _folder.Segments.Length.ShouldBe(2);

            Speak(running, Audio(800));
            (await Should.ThrowAsync<JournalRefusedException>(() => running.CompleteAsync(default, default))).Reason.ShouldBe(JournalRefusal.DiskFull);
            var recording = journal.Begin(later, default);
            Speak(recording, Audio(800));
            await recording.CompleteAsync(default, default);
            Join(await journal.ReadAsync(later, default)).ShouldBe(Audio(800));
            journal.Statistics.OpenRecordings.ShouldBe(0);
            journal.Statistics.BufferedBytes.ShouldBe(0);
        }

        await using var reopened = _folder.Open();
        reopened.Recovered.Where(r => r.IsComplete).ShouldHaveSingleItem().Id.ShouldBe(later);
        Join(await reopened.ReadAsync(later, default)).ShouldBe(Audio(800));
    }
}
