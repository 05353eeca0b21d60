using System.Text;
using Postbell.Media.Recording;
using static Postbell.Media.Tests.Recording.JournalTestFolder;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Recording;

public sealed class RecordingJournalTests : IDisposable
{
    private readonly JournalTestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_completed_recording_is_found_after_a_restart_with_its_last_envelope_and_all_audio()
    {
        var id = _folder.NewId();
        var audio = Audio(20_000);
        await using (var journal = _folder.Open())
        {
            var recording = journal.Begin(id, "first"u8.ToArray());
            Speak(recording, audio);
            recording.Duration.ShouldBe(TimeSpan.FromSeconds(2.5));
            await recording.CompleteAsync("last"u8.ToArray(), default);
        }

        await using var reopened = _folder.Open();
        var found = reopened.Recovered.ShouldHaveSingleItem();
        found.Id.ShouldBe(id);
        found.IsComplete.ShouldBeTrue();
        found.Duration.ShouldBe(TimeSpan.FromSeconds(2.5));
        found.Gap.ShouldBe(TimeSpan.Zero);
        Encoding.UTF8.GetString(found.Envelope.Span).ShouldBe("last");
        Join(await reopened.ReadAsync(id, default)).ShouldBe(audio);
        reopened.Statistics.Interrupted.ShouldBe(0);
    }

    [Fact]
    public async Task An_unfinished_recording_is_found_after_a_restart_as_interrupted_with_the_envelope_it_began_with()
    {
        var id = _folder.NewId();
        await using (var journal = _folder.Open())
        {
            Speak(journal.Begin(id, "first"u8.ToArray()), Audio(4_000));
        }

        await using var reopened = _folder.Open();
        var found = reopened.Recovered.ShouldHaveSingleItem();
        found.IsComplete.ShouldBeFalse();
        Encoding.UTF8.GetString(found.Envelope.Span).ShouldBe("first");
        Join(await reopened.ReadAsync(id, default)).ShouldBe(Audio(4_000));
        reopened.Statistics.Interrupted.ShouldBe(1);
    }

    [Fact]
    public async Task A_running_recording_can_be_read_back_and_goes_on()
    {
        await using var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        var audio = Audio(30_000);
        Speak(recording, audio.AsSpan(0, 12_345));
        Join(await recording.ReadAsync()).ShouldBe(audio[..12_345]);
        Speak(recording, audio.AsSpan(12_345));
        var all = await recording.ReadAsync();
        Join(all).ShouldBe(audio);
        all.Duration.ShouldBe(TimeSpan.FromSeconds(3.75));
    }

    [Fact]
    public async Task A_restart_erases_what_was_recorded_before()
    {
        var id = _folder.NewId();
        await using (var journal = _folder.Open())
        {
            var recording = journal.Begin(id, default);
            Speak(recording, Audio(9_000));
            await recording.RestartAsync();
            (await recording.ReadAsync()).Duration.ShouldBe(TimeSpan.Zero);
            recording.Duration.ShouldBe(TimeSpan.Zero);
            Speak(recording, Audio(1_000, seed: 7));
            Join(await recording.ReadAsync()).ShouldBe(Audio(1_000, seed: 7));
            await recording.CompleteAsync(default, default);
        }

        await using var reopened = _folder.Open();
        Join(await reopened.ReadAsync(id, default)).ShouldBe(Audio(1_000, seed: 7));
    }

    [Fact]
    public async Task A_recording_erased_and_then_completed_is_empty()
    {
        await using var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        Speak(recording, Audio(9_000));
        await recording.RestartAsync();
        await recording.CompleteAsync(default, default);
        (await journal.ReadAsync(recording.Id, default)).Duration.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_change_of_the_law_in_the_middle_keeps_both_stretches()
    {
        await using var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        Speak(recording, Audio(500), G711Law.Mu);
        Speak(recording, Audio(700), G711Law.A);
        Speak(recording, Audio(300), G711Law.Mu);
        var audio = await recording.ReadAsync();
        audio.Runs.Select(r => (r.Format, r.Bytes.Length)).ShouldBe([(RecordedFormat.Mu, 500), (RecordedFormat.A, 700), (RecordedFormat.Mu, 300)]);
    }

    [Fact]
    public async Task Discarded_and_retired_recordings_are_not_found_again()
    {
        await using (var journal = _folder.Open())
        {
            var discarded = journal.Begin(_folder.NewId(), default);
            Speak(discarded, Audio(1_000));
            discarded.Discard();
            discarded.Discard();
            var retired = journal.Begin(_folder.NewId(), default);
            Speak(retired, Audio(1_000));
            await retired.CompleteAsync(default, default);
            journal.Retire(retired.Id);
            await Should.ThrowAsync<KeyNotFoundException>(async () => await journal.ReadAsync(retired.Id, default));
        }

        await using var reopened = _folder.Open();
        reopened.Recovered.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_begun_again_after_a_discard_lives_with_only_its_new_audio()
    {
        var id = _folder.NewId();
        await using (var journal = _folder.Open())
        {
            var discarded = journal.Begin(id, default);
            Speak(discarded, Audio(1_000));
            await discarded.RestartAsync();
            Speak(discarded, Audio(1_000));
            discarded.Discard();
            var again = journal.Begin(id, default);
            Speak(again, Audio(320, seed: 5));
            await again.CompleteAsync("note"u8.ToArray(), default);
        }

        await using var reopened = _folder.Open();
        reopened.Recovered.ShouldHaveSingleItem().IsComplete.ShouldBeTrue();
        Join(await reopened.ReadAsync(id, default)).ShouldBe(Audio(320, seed: 5));
    }

    [Fact]
    public async Task Audio_after_the_end_is_ignored_and_a_second_end_is_an_error()
    {
        await using var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        Speak(recording, Audio(320));
        await recording.CompleteAsync(default, default);
        Speak(recording, Audio(320));
        (await journal.ReadAsync(recording.Id, default)).Duration.ShouldBe(TimeSpan.FromMilliseconds(40));
        await Should.ThrowAsync<InvalidOperationException>(() => recording.CompleteAsync(default, default));
        await Should.ThrowAsync<InvalidOperationException>(recording.RestartAsync);
    }

    [Fact]
    public async Task Every_flush_interval_the_audio_of_all_running_recordings_reaches_the_disk_with_one_sync()
    {
        await using var journal = _folder.Open();
        var recordings = Enumerable.Range(0, 50).Select(_ => journal.Begin(_folder.NewId(), default)).ToList();
        recordings.ForEach(r => Speak(r, Audio(3_000)));
        var before = _folder.Disk.Syncs;

        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually(() => _folder.Disk.Syncs > before);
        _folder.Disk.Syncs.ShouldBe(before + 1);
        new FileInfo(_folder.Segments[^1]).Length.ShouldBeGreaterThan(50 * 3_000);
    }

    [Fact]
    public async Task A_quiet_journal_does_not_sync()
    {
        await using var journal = _folder.Open();
        await journal.FlushAsync();
        var before = _folder.Disk.Syncs;
        _folder.Time.Advance(TimeSpan.FromSeconds(60));
        await journal.FlushAsync();
        _folder.Disk.Syncs.ShouldBe(before);
    }

    [Fact]
    public async Task Many_recordings_that_end_together_share_one_sync()
    {
        await using var journal = _folder.Open();
        var recordings = Enumerable.Range(0, 200).Select(_ => journal.Begin(_folder.NewId(), default)).ToList();
        recordings.ForEach(r => Speak(r, Audio(800)));
        await journal.FlushAsync();
        var before = _folder.Disk.Syncs;
        _folder.Disk.SyncEntered.Reset();
        _folder.Disk.Gate.Reset();

        var first = recordings[0].CompleteAsync(default, default);
        _folder.Disk.SyncEntered.Wait();
        var others = recordings.Skip(1).Select(r => r.CompleteAsync(default, default)).ToList();
        first.IsCompleted.ShouldBeFalse();
        others.ShouldAllBe(t => !t.IsCompleted);
        _folder.Disk.Gate.Set();
        await Task.WhenAll([first, .. others]);

        _folder.Disk.Syncs.ShouldBe(before + 2);
        journal.Statistics.Completed.ShouldBe(200);
    }

    [Fact]
    public async Task Adding_audio_does_not_allocate()
    {
        await using var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        var frame = Audio(160);
        for (var i = 0; i < 1_000; i++)
        {
            recording.Append(frame, G711Law.Mu);
        }

        await journal.FlushAsync();
        AllocationMeter.Least(3, _ =>
        {
            for (var i = 0; i < 300; i++)
            {
                recording.Append(frame, G711Law.Mu);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_and_free_again_after_closing()
    {
        await using (_folder.Open())
        {
            Should.Throw<IOException>(() => _folder.Open()).Message.ShouldContain("Another process");
        }

        await using var reopened = _folder.Open();
        reopened.Healthy.ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_segment_is_made_durable_with_its_folder()
    {
        await using var journal = _folder.Open();
        _folder.Disk.DirectorySyncs.ShouldBeGreaterThanOrEqualTo(2);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
#pragma warning disable CA1416 // Skipped there.
        File.GetUnixFileMode(_folder.Segments[0]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416
    }

    [Fact]
    public async Task A_closed_journal_takes_nothing()
    {
        var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        await journal.DisposeAsync();
        await journal.DisposeAsync();
        Should.Throw<JournalRefusedException>(() => journal.Begin(_folder.NewId(), default)).Reason.ShouldBe(JournalRefusal.Closed);
        (await Should.ThrowAsync<JournalRefusedException>(() => recording.CompleteAsync(default, default))).Reason.ShouldBe(JournalRefusal.Closed);
    }

    [Fact]
    public async Task The_same_id_cannot_run_twice()
    {
        await using var journal = _folder.Open();
        var id = _folder.NewId();
        journal.Begin(id, default);
        Should.Throw<InvalidOperationException>(() => journal.Begin(id, default));
    }

    internal static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 1_000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        condition().ShouldBeTrue();
    }
}
