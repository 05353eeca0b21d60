using Postbell.Core;
using Postbell.Media.Recording;
using static Postbell.Media.Tests.Recording.JournalTestFolder;

namespace Postbell.Media.Tests.Recording;

/// <summary>One message that nobody takes must not hold the audio of all others; and whenever the program dies, it is there once and whole.</summary>
public sealed class JournalCompactionTests : IDisposable
{
    private static readonly byte[] s_envelope = [.. "who called whom"u8];

    private readonly JournalTestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_held_message_moves_out_of_its_segment_which_goes()
    {
        TraceId held;
        await using (var journal = Open())
        {
            held = await FillAsync(journal);
            var before = _folder.Segments;
            await PassAsync(journal);
            _folder.Segments.ShouldNotContain(before[0]);
            Join(await journal.ReadAsync(held, default)).ShouldBe(Audio(1_000));
        }

        await IsThereOnceAsync(held);
    }

    [Fact]
    public async Task Segments_with_more_to_keep_or_with_a_running_recording_stay()
    {
        await using var journal = Open();
        var running = journal.Begin(_folder.NewId(), s_envelope);
        Speak(running, Audio(1_000));
        await FillAsync(journal);
        var before = _folder.Segments;
        await PassAsync(journal);
        _folder.Segments.ShouldContain(before[0]);
        Speak(running, Audio(1_000, 5));
        await running.CompleteAsync(s_envelope, default);
        Join(await journal.ReadAsync(running.Id, default)).ShouldBe([.. Audio(1_000), .. Audio(1_000, 5)]);

        // Once it is complete, it moves like others.
        await PassAsync(journal);
        _folder.Segments.ShouldNotContain(before[0]);
        Join(await journal.ReadAsync(running.Id, default)).ShouldBe([.. Audio(1_000), .. Audio(1_000, 5)]);
    }

    [Fact]
    public async Task A_death_between_copy_and_deletion_leaves_the_message_once()
    {
        TraceId held;
        await using (var journal = Open())
        {
            held = await FillAsync(journal);
            var before = _folder.Segments;
            _folder.Disk.DeleteError = new IOException("not now");
            await PassAsync(journal);
            _folder.Segments.ShouldContain(before[0], "both are there");
            Join(await journal.ReadAsync(held, default)).ShouldBe(Audio(1_000));
        }

        _folder.Disk.DeleteError = null;
        await IsThereOnceAsync(held);

        // And it moves again, as often as it must.
        await using (var journal = Open())
        {
            for (var i = 0; i < 4; i++)
            {
                await PassAsync(journal);
            }

            Join(await journal.ReadAsync(held, default)).ShouldBe(Audio(1_000));
        }

        await IsThereOnceAsync(held);
    }

    [Fact]
    public async Task A_copy_torn_at_any_byte_costs_nothing()
    {
        TraceId held;
        long begin;
        await using (var journal = Open())
        {
            held = await FillAsync(journal);
            begin = new FileInfo(_folder.Segments[^1]).Length;
            _folder.Disk.DeleteError = new IOException("died");
            await PassAsync(journal);
        }

        _folder.Disk.DeleteError = null;
        var last = _folder.Segments[^1];
        var whole = await File.ReadAllBytesAsync(last);
        ((long)whole.Length).ShouldBeGreaterThan(begin + 1_000);
        for (var length = whole.Length; length >= begin; length -= 41)
        {
            foreach (var added in _folder.Segments.Where(s => string.CompareOrdinal(s, last) > 0))
            {
                File.Delete(added);
            }

            await File.WriteAllBytesAsync(last, whole[..length]);
            await using var journal = Open();
            journal.Recovered.ShouldHaveSingleItem().Id.ShouldBe(held);
            Join(await journal.ReadAsync(held, default)).ShouldBe(Audio(1_000), $"{length} bytes");
        }
    }

    [Fact]
    public async Task What_was_moved_and_then_delivered_does_not_rise_again()
    {
        await using (var journal = Open())
        {
            var held = await FillAsync(journal);
            _folder.Disk.DeleteError = new IOException("not now");
            await PassAsync(journal);
            journal.Retire(held);
            await journal.FlushAsync();
        }

        _folder.Disk.DeleteError = null;
        for (var start = 0; start < 3; start++)
        {
            await using var journal = Open();
            journal.Recovered.ShouldBeEmpty();
            await journal.FlushAsync();
        }

        _folder.Segments.Length.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task A_recording_over_several_segments_keeps_its_order_when_its_beginning_moves_behind_its_end()
    {
        TraceId held;
        byte[] said = [.. Audio(500), .. Audio(20_000, 3), .. Audio(500, 7)];
        await using (var journal = Open())
        {
            var recording = journal.Begin(_folder.NewId(), s_envelope);
            held = recording.Id;
            Speak(recording, said.AsSpan(0, 500));
            await journal.FlushAsync();
            await RetireAsync(journal, 20);
            Speak(recording, said.AsSpan(500));
            await recording.CompleteAsync(s_envelope, default);
            await RetireAsync(journal, 20);
            for (var i = 0; i < 3; i++)
            {
                await PassAsync(journal);
            }

            Join(await journal.ReadAsync(held, default)).ShouldBe(said);
        }

        await using var again = Open();
        var found = again.Recovered.ShouldHaveSingleItem();
        (found.Id, found.IsComplete, found.Gap).ShouldBe((held, true, TimeSpan.Zero));
        Join(await again.ReadAsync(held, default)).ShouldBe(said);
    }

    [Fact]
    public async Task An_interrupted_recording_moves_as_what_it_is()
    {
        var id = _folder.NewId();
        await using (var journal = Open())
        {
            var recording = journal.Begin(id, s_envelope);
            Speak(recording, Audio(1_000));
            await journal.FlushAsync();
            await RetireAsync(journal, 20);
        }

        await using (var journal = Open())
        {
            journal.Recovered.ShouldHaveSingleItem().IsComplete.ShouldBeFalse();
            var before = _folder.Segments;
            await PassAsync(journal);
            _folder.Segments.ShouldNotContain(before[0]);
        }

        await using var again = Open();
        var found = again.Recovered.ShouldHaveSingleItem();
        (found.Id, found.IsComplete, found.Gap).ShouldBe((id, false, TimeSpan.Zero));
        found.Envelope.ToArray().ShouldBe(s_envelope);
        Join(await again.ReadAsync(id, default)).ShouldBe(Audio(1_000));
    }

    [Fact]
    public async Task A_segment_that_is_damaged_in_what_is_needed_stays_as_it_is()
    {
        await using var journal = Open();
        var held = await FillAsync(journal);
        var first = _folder.Segments[0];
        var bytes = await File.ReadAllBytesAsync(first);
        bytes[bytes.AsSpan().IndexOf(Audio(1_000).AsSpan(0, 100)) + 50] ^= 1;
        await File.WriteAllBytesAsync(first, bytes);
        await PassAsync(journal);
        _folder.Segments.ShouldContain(first);
        (await journal.ReadAsync(held, default)).Gap.ShouldBe(TimeSpan.FromMilliseconds(125));
    }

    [Fact]
    public async Task Who_reads_while_it_moves_looks_again()
    {
        await using var journal = Open();
        var held = await FillAsync(journal);
        var segment = new JournalSegment(1, Path.Combine(_folder.Path, "journal-00000001.pbj"));
        new RecordingSnapshot([new AudioExtent(segment, 32, 100, RecordedFormat.Mu, 0)], 100).Read(out var isOutdated).Duration.ShouldBe(TimeSpan.FromMilliseconds(12.5));
        isOutdated.ShouldBeTrue();
        var reading = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                Join(await journal.ReadAsync(held, default)).ShouldBe(Audio(1_000));
            }
        });
        while (!reading.IsCompleted)
        {
            await PassAsync(journal);
            await RetireAsync(journal, 12);
        }

        await reading;
    }

    private RecordingJournal Open() =>
        _folder.Open(o => o with { SegmentBytes = 64_000, ChunkBytes = 2_000, CompactionInterval = TimeSpan.FromMinutes(1) });

    /// <summary>A message that stays, and beside and behind it many that are delivered: more than a segment.</summary>
    private async Task<TraceId> FillAsync(RecordingJournal journal)
    {
        var recording = journal.Begin(_folder.NewId(), s_envelope);
        Speak(recording, Audio(1_000));
        await recording.CompleteAsync(s_envelope, default);
        await RetireAsync(journal, 20);
        return recording.Id;
    }

    private async Task RetireAsync(RecordingJournal journal, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var recording = journal.Begin(_folder.NewId(), default);
            Speak(recording, Audio(4_000, i));
            await recording.CompleteAsync(default, default);
            journal.Retire(recording.Id);
        }

        await journal.FlushAsync();
    }

    /// <summary>Lets the time come at which a segment is looked for.</summary>
    private async Task PassAsync(RecordingJournal journal)
    {
        _folder.Time.Advance(TimeSpan.FromMinutes(1));
        await journal.FlushAsync();
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        await journal.FlushAsync();
    }

    private async Task IsThereOnceAsync(TraceId held)
    {
        await using var journal = Open();
        var found = journal.Recovered.ShouldHaveSingleItem();
        (found.Id, found.IsComplete, found.Gap, found.Duration).ShouldBe((held, true, TimeSpan.Zero, TimeSpan.FromMilliseconds(125)));
        found.Envelope.ToArray().ShouldBe(s_envelope);
        Join(await journal.ReadAsync(held, default)).ShouldBe(Audio(1_000));
    }
}
