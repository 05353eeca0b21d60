using Postbell.Core;
using Postbell.Media.Recording;
using static Postbell.Media.Tests.Recording.JournalTestFolder;

namespace Postbell.Media.Tests.Recording;

public sealed class JournalRecoveryTests : IDisposable
{
    private readonly JournalTestFolder _folder = new();
    private string _segment = "";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_write_torn_at_any_byte_costs_only_the_records_behind_the_tear()
    {
        var (first, second, whole) = await TwoRecordings();
        for (var length = 0; length <= whole.Length; length++)
        {
            Restore(whole.AsSpan(0, length));
            await using var journal = _folder.Open();
            var a = journal.Recovered.FirstOrDefault(r => r.Id == first);
            if (length == whole.Length)
            {
                journal.Statistics.TornTails.ShouldBe(0);
                journal.Recovered.ShouldAllBe(r => r.IsComplete);
            }

            journal.Statistics.DamagedPlaces.ShouldBe(0);
            if (a is not null)
            {
                var audio = Join(await journal.ReadAsync(first, default));
                audio.ShouldBe(Audio(400).AsSpan(0, audio.Length).ToArray());
                a.IsComplete.ShouldBe(audio.Length == 400 && length >= CompleteEnd(whole, first));
            }

            if (journal.Recovered.FirstOrDefault(r => r.Id == second) is { } b)
            {
                a.ShouldNotBeNull().IsComplete.ShouldBeTrue();
                b.IsComplete.ShouldBe(length == whole.Length);
            }
        }
    }

    [Fact]
    public async Task A_record_that_a_caller_spoke_is_not_found_behind_a_damaged_place()
    {
        var forgery = _folder.NewId();
        var spoken = new List<byte>();
        for (uint number = 1; number <= 100; number++)
        {
            var record = new byte[JournalFormat.RecordHeadBytes];
            JournalFormat.WriteRecord(record, number, new RecordHead(RecordKind.Begin, RecordedFormat.Mu, 0, 0, forgery, 0), default);
            spoken.AddRange(record);
        }

        await using (var journal = _folder.Open())
        {
            var recording = journal.Begin(_folder.NewId(), default);
            Speak(recording, spoken.ToArray());
            await recording.CompleteAsync(default, default);
        }

        var bytes = await File.ReadAllBytesAsync(_folder.Segments[^1]);
        var payload = bytes.AsSpan().IndexOf(spoken.ToArray());
        payload.ShouldBePositive();
        bytes[payload - JournalFormat.RecordHeadBytes] ^= 0xFF;
        await File.WriteAllBytesAsync(_folder.Segments[^1], bytes);

        await using var reopened = _folder.Open();
        reopened.Statistics.DamagedPlaces.ShouldBe(1);
        reopened.Recovered.ShouldNotContain(r => r.Id == forgery);
    }

    [Fact]
    public async Task A_damaged_byte_anywhere_costs_at_most_its_record_and_is_counted()
    {
        var (first, second, whole) = await TwoRecordings();
        for (var at = 0; at < whole.Length; at++)
        {
            var bytes = whole.ToArray();
            bytes[at] ^= 0x5A;
            Restore(bytes);
            await using var journal = _folder.Open();
            var statistics = journal.Statistics;
            (statistics.DamagedPlaces + statistics.TornTails).ShouldBe(1, $"byte {at}");
            var complete = journal.Recovered.Count(r => r.IsComplete);
            complete.ShouldBeGreaterThanOrEqualTo(1, $"byte {at}");
            foreach (var id in new[] { first, second }.Where(id => journal.Recovered.Any(r => r.Id == id && r.IsComplete)))
            {
                var audio = await journal.ReadAsync(id, default);
                audio.Duration.ShouldBe(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    [Fact]
    public async Task Lost_audio_in_the_middle_becomes_silence_of_the_same_length()
    {
        var id = _folder.NewId();
        await using (var journal = _folder.Open(o => o with { ChunkBytes = 160 }))
        {
            var recording = journal.Begin(id, default);
            Speak(recording, Audio(1_600));
            await recording.CompleteAsync("end"u8.ToArray(), default);
        }

        var bytes = File.ReadAllBytes(_folder.Segments[0]);
        var third = IndexOf(bytes, Audio(1_600).AsSpan(320, 160));
        bytes[third] ^= 1;
        Restore(bytes);
        await using var reopened = _folder.Open();
        var audio = await reopened.ReadAsync(id, default);
        audio.Gap.ShouldBe(TimeSpan.FromMilliseconds(20));
        reopened.Recovered[0].Gap.ShouldBe(TimeSpan.FromMilliseconds(20));
        Join(audio).ShouldBe([.. Audio(1_600)[..320], .. Enumerable.Repeat((byte)0xFF, 160), .. Audio(1_600)[480..]]);
    }

    [Fact]
    public async Task Damage_that_comes_after_the_start_is_found_when_the_audio_is_read()
    {
        await using var journal = _folder.Open();
        var recording = journal.Begin(_folder.NewId(), default);
        Speak(recording, Audio(800));
        await recording.CompleteAsync(default, default);
        var bytes = File.ReadAllBytes(_folder.Segments[0]);
        bytes[IndexOf(bytes, Audio(800)) + 5] ^= 1;
        using (var file = new FileStream(_folder.Segments[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(bytes);
        }

        var audio = await journal.ReadAsync(recording.Id, default);
        audio.Gap.ShouldBe(TimeSpan.FromMilliseconds(100));
        audio.Duration.ShouldBe(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_restart_whose_record_was_lost_still_erased_what_was_before()
    {
        var id = _folder.NewId();
        await using (var journal = _folder.Open())
        {
            var recording = journal.Begin(id, default);
            Speak(recording, Audio(800));
            await recording.RestartAsync();
            Speak(recording, Audio(400, seed: 9));
            await recording.CompleteAsync(default, default);
        }

        var bytes = File.ReadAllBytes(_folder.Segments[0]);
        var restart = IndexOf(bytes, Audio(800)) + 800;
        bytes[restart + 8].ShouldBe((byte)RecordKind.Restart);
        bytes[restart + 8] = 99;
        Restore(bytes);
        await using var reopened = _folder.Open();
        Join(await reopened.ReadAsync(id, default)).ShouldBe(Audio(400, seed: 9));
    }

    [Fact]
    public async Task A_tail_of_zeros_after_a_power_cut_is_cut()
    {
        var (_, _, whole) = await TwoRecordings();
        Restore([.. whole, .. new byte[5_000]]);
        await using var journal = _folder.Open();
        journal.Recovered.Count(r => r.IsComplete).ShouldBe(2);
        journal.Statistics.TornTails.ShouldBe(1);
        journal.Statistics.DamagedBytes.ShouldBe(5_000);
    }

    [Fact]
    public async Task Records_of_another_segment_are_never_taken_for_this_one()
    {
        var (_, _, whole) = await TwoRecordings();
        Restore(whole);
        File.Move(_folder.Segments[0], Path.Combine(_folder.Path, "journal-00000077.pbj"));
        await using var journal = _folder.Open();
        journal.Recovered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_segment_of_a_newer_version_stops_the_start_and_stays_untouched()
    {
        var (_, _, whole) = await TwoRecordings();
        JournalFormat.WriteSegmentHead(whole, 1, default);
        whole[8] = 4;
        var head = new byte[JournalFormat.SegmentHeadBytes];
        WriteNewerHead(head);
        head.CopyTo(whole, 0);
        Restore(whole);
        Should.Throw<JournalFormatException>(() => _folder.Open());
        File.ReadAllBytes(_folder.Segments[0]).ShouldBe(whole);
    }

    private static void WriteNewerHead(byte[] head)
    {
        // Version 4 with a right checksum: CRC-32C over the first 28 bytes, bit by bit as in RFC 3720 appendix B.4.
        JournalFormat.WriteSegmentHead(head, 1, default);
        head[8] = 4;
        var crc = uint.MaxValue;
        foreach (var b in head.AsSpan(0, 28))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        BitConverter.GetBytes(~crc).CopyTo(head, 28);
    }

    private int CompleteEnd(byte[] whole, TraceId id)
    {
        var end = 0;
        SegmentScan.Run(whole, NumberOf(_segment), (in RecordHead head, long offset, ReadOnlySpan<byte> _) =>
            end = head.Kind == RecordKind.Complete && head.Id == id ? (int)offset + head.TotalBytes : end);
        return end;
    }

    private static uint NumberOf(string segment) => uint.Parse(Path.GetFileNameWithoutExtension(segment)["journal-".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private static int IndexOf(byte[] bytes, ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part);

    private async Task<(TraceId First, TraceId Second, byte[] Segment)> TwoRecordings()
    {
        var (first, second) = (_folder.NewId(), _folder.NewId());
        await using (var journal = _folder.Open())
        {
            foreach (var id in new[] { first, second })
            {
                var recording = journal.Begin(id, "begin"u8.ToArray());
                Speak(recording, Audio(400));
                await recording.CompleteAsync("complete"u8.ToArray(), default);
            }
        }

        _segment = _folder.Segments[0];
        return (first, second, File.ReadAllBytes(_segment));
    }

    private void Restore(ReadOnlySpan<byte> segment)
    {
        _segment = _segment.Length == 0 ? _folder.Segments[0] : _segment;
        foreach (var old in _folder.Segments)
        {
            File.Delete(old);
        }

        File.WriteAllBytes(_segment, segment.ToArray());
    }
}
