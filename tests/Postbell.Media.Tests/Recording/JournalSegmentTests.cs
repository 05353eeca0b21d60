using Postbell.Core;
using Postbell.Media.Recording;
using static Postbell.Media.Tests.Recording.JournalTestFolder;

namespace Postbell.Media.Tests.Recording;

public sealed class JournalSegmentTests : IDisposable
{
    private readonly JournalTestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_segment_is_deleted_when_all_its_recordings_are_retired()
    {
        await using var journal = OpenSmall();
        var ids = await Complete(journal, 20);
        _folder.Segments.Length.ShouldBeGreaterThan(10);
        ids.ForEach(journal.Retire);
        await journal.FlushAsync();
        _folder.Segments.Length.ShouldBe(journal.Statistics.Segments);
        _folder.Segments.Length.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_recording_that_spans_segments_keeps_all_of_them()
    {
        await using var journal = OpenSmall();
        var recording = journal.Begin(_folder.NewId(), default);
        for (var i = 0; i < 10; i++)
        {
            Speak(recording, Audio(5_000, i));
            await journal.FlushAsync();
            (await Complete(journal, 1)).ForEach(journal.Retire);
        }

        await journal.FlushAsync();
        var audio = Join(await recording.ReadAsync());
        audio.ShouldBe([.. Enumerable.Range(0, 10).SelectMany(i => Audio(5_000, i))]);
        _folder.Segments.Length.ShouldBeGreaterThan(8);
        await recording.CompleteAsync(default, default);
        journal.Retire(recording.Id);
        await journal.FlushAsync();
        _folder.Segments.Length.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task One_recording_that_is_held_for_days_does_not_hold_later_segments()
    {
        var held = _folder.NewId();
        var retired = new List<TraceId>();
        await using (var journal = OpenSmall())
        {
            var neighbour = journal.Begin(_folder.NewId(), default);
            Speak(neighbour, Audio(100));
            var recording = journal.Begin(held, default);
            Speak(recording, Audio(1_000));
            await recording.CompleteAsync(default, default);
            await neighbour.CompleteAsync(default, default);
            for (var i = 0; i < 10; i++)
            {
                var ids = await Complete(journal, 5);
                if (i == 0)
                {
                    // Its tombstone lies in a later segment than its records, which stay because of the held one.
                    journal.Retire(neighbour.Id);
                    retired.Add(neighbour.Id);
                }

                ids.ForEach(journal.Retire);
                retired.AddRange(ids);
                await journal.FlushAsync();
            }

            _folder.Segments.Length.ShouldBeLessThanOrEqualTo(3);
        }

        for (var start = 0; start < 3; start++)
        {
            await using var reopened = OpenSmall();
            reopened.Recovered.ShouldHaveSingleItem().Id.ShouldBe(held);
            Join(await reopened.ReadAsync(held, default)).ShouldBe(Audio(1_000));
            _folder.Segments.Length.ShouldBeLessThanOrEqualTo(4);
        }
    }

    [Fact]
    public async Task Starting_again_and_again_does_not_pile_up_segments()
    {
        for (var i = 0; i < 10; i++)
        {
            await using var journal = _folder.Open();
            (await Complete(journal, 1)).ForEach(journal.Retire);
        }

        _folder.Segments.Length.ShouldBeLessThanOrEqualTo(2);
    }

    private RecordingJournal OpenSmall() => _folder.Open(o => o with { SegmentBytes = 4_096 });

    private async Task<List<TraceId>> Complete(RecordingJournal journal, int count)
    {
        var ids = new List<TraceId>();
        for (var i = 0; i < count; i++)
        {
            var recording = journal.Begin(_folder.NewId(), default);
            Speak(recording, Audio(4_000));
            await recording.CompleteAsync(default, default);
            ids.Add(recording.Id);
        }

        return ids;
    }
}
