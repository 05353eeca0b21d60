using System.Runtime.InteropServices;
using Postbell.Media.Recording;
using static Postbell.Media.Tests.Recording.JournalTestFolder;

namespace Postbell.Media.Tests.Recording;

/// <summary>Wideband audio in the journal: kept, mixed with companded audio, recovered after damage and torn writes; journals of the first version are read.</summary>
public sealed class WideJournalTests : IDisposable
{
    private readonly JournalTestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_kinds_of_audio_come_back_in_order_and_in_time()
    {
        var wide = Wide(3_200);
        await using var journal = _folder.Open(o => o with { ChunkBytes = 1001 });
        var recording = journal.Begin(_folder.NewId(), default);
        Speak(recording, Audio(800));
        SpeakWide(recording, wide);
        Speak(recording, Audio(400), G711Law.A);
        recording.Duration.ShouldBe(TimeSpan.FromMilliseconds(350));
        await recording.CompleteAsync(default, default);
        var audio = await journal.ReadAsync(recording.Id, default);
        audio.Duration.ShouldBe(TimeSpan.FromMilliseconds(350));
        audio.Gap.ShouldBe(TimeSpan.Zero);
        audio.SampleRate.ShouldBe(16000);
        Samples(audio).ShouldBe(wide);
        audio.ToPcm().Samples.Length.ShouldBe(5_600);
        audio.ToPcm().Samples.Slice(1_600, 3_200).ToArray().ShouldBe(wide);
    }

    [Fact]
    public async Task Lost_wideband_audio_becomes_silence_of_the_same_length()
    {
        var wide = Wide(3_200);
        var id = _folder.NewId();
        await using (var journal = _folder.Open(o => o with { ChunkBytes = 640 }))
        {
            var recording = journal.Begin(id, default);
            SpeakWide(recording, wide);
            await recording.CompleteAsync(default, default);
        }

        var bytes = File.ReadAllBytes(_folder.Segments[0]);
        bytes[bytes.AsSpan().IndexOf(MemoryMarshal.AsBytes(wide.AsSpan(640, 320)))] ^= 1;
        File.WriteAllBytes(_folder.Segments[0], bytes);
        await using var reopened = _folder.Open();
        reopened.Recovered[0].Gap.ShouldBe(TimeSpan.FromMilliseconds(20));
        reopened.Recovered[0].Duration.ShouldBe(TimeSpan.FromMilliseconds(200));
        var audio = await reopened.ReadAsync(id, default);
        audio.Gap.ShouldBe(TimeSpan.FromMilliseconds(20));
        Samples(audio).ShouldBe([.. wide[..640], .. new short[320], .. wide[960..]]);
    }

    [Fact]
    public async Task A_tail_torn_at_any_byte_leaves_whole_ticks_and_nothing_else()
    {
        var id = _folder.NewId();
        var wide = Wide(320);
        await using (var journal = _folder.Open(o => o with { ChunkBytes = 320 }))
        {
            var recording = journal.Begin(id, "begin"u8.ToArray());
            SpeakWide(recording, wide);
            await journal.FlushAsync();
        }

        var path = _folder.Segments[0];
        var whole = File.ReadAllBytes(path);
        for (var length = JournalFormat.SegmentHeadBytes; length <= whole.Length; length++)
        {
            foreach (var segment in _folder.Segments)
            {
                File.Delete(segment);
            }

            File.WriteAllBytes(path, whole[..length]);
            await using var journal = _folder.Open();
            if (journal.Recovered.Count == 0)
            {
                continue;
            }

            var audio = await journal.ReadAsync(id, default);
            var kept = Samples(audio);
            kept.ShouldBe(wide[..kept.Length]);
            audio.Duration.ShouldBe(TimeSpan.FromMilliseconds(kept.Length / 16.0));
        }
    }

    [Fact]
    public async Task A_journal_of_the_first_version_is_read_as_before()
    {
        var id = _folder.NewId();
        await using (var journal = _folder.Open())
        {
            var recording = journal.Begin(id, default);
            Speak(recording, Audio(2_000));
            await recording.CompleteAsync("end"u8.ToArray(), default);
        }

        // The head as version 1 wrote it; records have not changed.
        var path = _folder.Segments[0];
        var bytes = File.ReadAllBytes(path);
        bytes[8].ShouldBe((byte)JournalFormat.Version);
        bytes[8] = 1;
        BitConverter.TryWriteBytes(bytes.AsSpan(28), Crc(bytes.AsSpan(0, 28))).ShouldBeTrue();
        File.WriteAllBytes(path, bytes);
        JournalFormat.ReadSegmentVersion(bytes).ShouldBe((ushort)1);
        await using var reopened = _folder.Open();
        reopened.Recovered.ShouldHaveSingleItem().Duration.ShouldBe(TimeSpan.FromMilliseconds(250));
        Join(await reopened.ReadAsync(id, default)).ShouldBe(Audio(2_000));
    }

    private static short[] Wide(int samples) => MemoryMarshal.Cast<byte, short>(Audio(samples * 2, 5)).ToArray();

    private static void SpeakWide(JournalRecording recording, ReadOnlySpan<short> samples)
    {
        for (; !samples.IsEmpty; samples = samples[Math.Min(320, samples.Length)..])
        {
            recording.Append(samples[..Math.Min(320, samples.Length)]);
        }
    }

    private static short[] Samples(RecordedAudio audio) =>
        [.. audio.Runs.Where(r => r.Format == RecordedFormat.Wide).SelectMany(r => MemoryMarshal.Cast<byte, short>(r.Bytes.Span).ToArray())];

    // CRC-32C bit by bit, as in RFC 3720 appendix B.4.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
