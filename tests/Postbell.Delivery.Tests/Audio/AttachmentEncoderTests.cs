using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Delivery.Audio;
using Postbell.Media;
using Postbell.Media.Playback;
using Postbell.Media.Recording;

namespace Postbell.Delivery.Tests.Audio;

public sealed partial class AttachmentEncoderTests
{
    private static readonly RecordedAudio s_recorded = new(
        [new RecordedRun(RecordedFormat.Mu, Sample.Speech(TimeSpan.FromSeconds(6))), new RecordedRun(RecordedFormat.A, Sample.Speech(TimeSpan.FromSeconds(4), G711Law.A))], TimeSpan.Zero);

    private static readonly PcmAudio s_speech = s_recorded.ToPcm();

    [Fact]
    public void An_mp3_is_as_long_as_the_recording_and_sounds_like_it()
    {
        Assert.SkipUnless(Mp3Encoder.IsAvailable, "libmp3lame is not installed");
        var file = Encoder().Encode(s_speech, AttachmentFormat.Mp3);
        file.MediaType.ShouldBe("audio/mp3");
        file.Extension.ShouldBe(".mp3");
        file.Content.Length.ShouldBeInRange(19_000, 22_000);
        var decoded = Decode(file.Content.Span, out var rate);
        rate.ShouldBe(8000);
        (decoded.Length / 8000.0).ShouldBeInRange(9.9, 10.25);
        Correlation(AudioClip.FromWav(Encoder().Encode(s_speech, AttachmentFormat.Wav).Content).ToPcm().Samples.ToArray(), decoded).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Wideband_stays_wideband_but_in_G711()
    {
        var wide = new PcmAudio(new short[48_000], 16_000);
        BitConverter.ToInt32(Encoder().Encode(wide, AttachmentFormat.Wav).Content.Span[24..]).ShouldBe(16_000);
        Encoder().Encode(wide, AttachmentFormat.G711).Content.Length.ShouldBe(58 + 24_000);
        Assert.SkipUnless(Mp3Encoder.IsAvailable, "libmp3lame is not installed");
        var file = Encoder().Encode(wide, AttachmentFormat.Mp3);
        file.Content.Length.ShouldBeInRange(12_000, 13_500);
        _ = Decode(file.Content.Span, out var rate);
        rate.ShouldBe(16_000);
    }

    [Fact]
    public void A_wav_holds_the_linear_samples_of_both_laws()
    {
        var file = Encoder().Encode(s_speech, AttachmentFormat.Wav);
        file.MediaType.ShouldBe("audio/wav");
        file.Content.Length.ShouldBe(44 + 160_000);
        AudioClip.FromWav(file.Content).Duration.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_small_wav_holds_mu_law()
    {
        var file = Encoder().Encode(s_speech, AttachmentFormat.G711);
        file.Content.Length.ShouldBe(58 + 80_000);
        file.Content.Span[58..(58 + 48_000)].SequenceEqual(s_recorded.Runs[0].Bytes.Span).ShouldBeTrue();
    }

    [Fact]
    public void An_Opus_file_keeps_the_band_of_the_call()
    {
        Assert.SkipUnless(OggOpusWriter.IsAvailable, "libopus0 is not installed");
        var narrow = Encoder().Encode(s_speech, AttachmentFormat.Opus);
        (narrow.MediaType, narrow.Extension, narrow.Duration).ShouldBe(("audio/ogg", ".opus", TimeSpan.FromSeconds(10)));
        narrow.Content.Span[..4].SequenceEqual("OggS"u8).ShouldBeTrue();
        narrow.Content.Length.ShouldBeLessThan(30_000);
        var wide = Encoder().Encode(new PcmAudio(new short[16_000], 16_000), AttachmentFormat.Opus);
        wide.Duration.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Without_the_Opus_library_wav_is_attached_or_the_message_waits()
    {
        var encoder = new AttachmentEncoder(wavInstead: true, NullLogger<AttachmentEncoder>.Instance, canOpus: false);
        encoder.Encode(s_speech, AttachmentFormat.Opus).Note.ShouldContain("libopus");
        encoder.Substitutions.ShouldBe(1);
        var strict = new AttachmentEncoder(wavInstead: false, NullLogger<AttachmentEncoder>.Instance, canOpus: false);
        Should.Throw<InvalidOperationException>(() => strict.Encode(s_speech, AttachmentFormat.Opus)).Message.ShouldContain("libopus");
    }

    [Fact]
    public void Without_the_mp3_library_wav_is_attached_counted_and_noted_when_the_operator_wants_so()
    {
        var encoder = new AttachmentEncoder(wavInstead: true, NullLogger<AttachmentEncoder>.Instance, canMp3: false);
        var file = encoder.Encode(s_speech, AttachmentFormat.Mp3);
        file.Extension.ShouldBe(".wav");
        file.Note.ShouldContain("libmp3lame");
        encoder.Substitutions.ShouldBe(1);
        encoder.CanMp3.ShouldBeFalse();
    }

    [Fact]
    public void Without_the_mp3_library_the_message_waits_when_the_operator_wants_so()
    {
        var encoder = new AttachmentEncoder(wavInstead: false, NullLogger<AttachmentEncoder>.Instance, canMp3: false);
        Should.Throw<InvalidOperationException>(() => encoder.Encode(s_speech, AttachmentFormat.Mp3)).Message.ShouldContain("libmp3lame");
        encoder.Substitutions.ShouldBe(0);
    }

    [Fact]
    public void An_empty_recording_makes_a_file_too()
    {
        Encoder().Encode(RecordedAudio.Empty.ToPcm(), AttachmentFormat.Wav).Content.Length.ShouldBe(44);
        Assert.SkipUnless(Mp3Encoder.IsAvailable, "libmp3lame is not installed");
        Encoder().Encode(RecordedAudio.Empty.ToPcm(), AttachmentFormat.Mp3).Content.Length.ShouldBeLessThan(2_000);
    }

    private static AttachmentEncoder Encoder() => new(wavInstead: true, NullLogger<AttachmentEncoder>.Instance);

    private static double Correlation(short[] expected, short[] actual)
    {
        // The decoder starts a little late; the best match within 0.25 s counts.
        return Enumerable.Range(0, 2_000).Max(shift =>
        {
            double ab = 0, aa = 0, bb = 0;
            for (var i = 8_000; i < 40_000; i += 3)
            {
                double a = expected[i], b = actual[i + shift];
                ab += a * b;
                aa += a * a;
                bb += b * b;
            }

            return ab / Math.Sqrt((aa * bb) + 1);
        });
    }

    // LAME brings a decoder along ("hip"), which is enough for a test.
    private static unsafe short[] Decode(ReadOnlySpan<byte> file, out int rate)
    {
        var samples = new List<short>();
        var left = new short[2304 * 64];
        var right = new short[left.Length];
        var hip = HipInit();
        rate = 0;
        var header = stackalloc int[64];
        for (var at = 0; at < file.Length; at += 1_000)
        {
            var piece = file.Slice(at, Math.Min(1_000, file.Length - at)).ToArray();
            fixed (byte* input = piece)
            fixed (short* l = left, r = right)
            {
                var count = HipDecode(hip, input, (nuint)piece.Length, l, r, (byte*)header);
                count.ShouldBeGreaterThanOrEqualTo(0);
                samples.AddRange(left.AsSpan(0, count));
                rate = header[0] == 1 ? header[2] : rate;
            }
        }

        _ = HipExit(hip);
        return [.. samples];
    }

    [LibraryImport("libmp3lame.so.0", EntryPoint = "hip_decode_init")]
    private static partial nint HipInit();

    [LibraryImport("libmp3lame.so.0", EntryPoint = "hip_decode_exit")]
    private static partial int HipExit(nint hip);

    [LibraryImport("libmp3lame.so.0", EntryPoint = "hip_decode_headers")]
    private static unsafe partial int HipDecode(nint hip, byte* input, nuint length, short* left, short* right, byte* header);
}
