using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Rtp;

namespace Postbell.Media.Tests.Engine;

/// <summary>Peers that send nothing while nobody speaks: the message is as long as the call, and its pauses sound as the peer's line does.</summary>
public sealed class DiscontinuousPeerTests
{
    private const byte OpusType = 96;
    private const byte WideNoise = 98;

    /// <summary>Opus with DTX of the library itself: of four quiet seconds a part of the packets comes.</summary>
    [Fact]
    public async Task A_peer_with_Opus_in_DTX_is_recorded_in_full_length()
    {
        Assert.SkipUnless(VoiceCodec.Opus.IsAvailable(), "libopus0 is not installed");
        using var rig = new EngineRig();
        rig.Session.Start(
            EngineRig.Agreed(rig.Peer.Rtp.Local) with { Codec = VoiceCodec.Opus, PayloadType = OpusType, Receives = new Dictionary<byte, VoiceCodec> { [OpusType] = VoiceCodec.Opus } },
            symmetric: false);
        rig.Engine.Step();
        var said = Said(16_000);
        using var encoder = CodecSupport.CreateEncoder(VoiceCodec.Opus, new OpusParameters { Discontinuous = true });
        var payload = new byte[IAudioEncoder.MaxBytes];
        var sent = 0;
        var record = rig.Session.RecordAsync(rig.Sink, Limits(7.9), CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if ((frame + 1) * 320 > said.Length)
            {
                return;
            }

            var length = encoder.Encode(said.AsSpan(frame * 320, 320), payload);
            if (length > OpusEncoder.LongestOfSilence)
            {
                sent++;
                rig.Peer.Send(rig.Peer.Packet(payload.AsSpan(0, length), OpusType));
            }

            rig.Peer.Timestamp += 960;
        };
        var result = await rig.RunUntil(record);
        sent.ShouldBeLessThan(330, "the sender makes pauses");
        result.Duration.ShouldBe(TimeSpan.FromSeconds(7.9));
        var heard = rig.Sink.WideAudio;
        heard.Length.ShouldBe(126_400);
        Voice.Similarity(said.AsSpan(0, 30_000), heard[..30_000], 300).ShouldBeGreaterThan(0.8);
        Voice.Similarity(said.AsSpan(96_800, 12_000), heard.Slice(96_800, 12_000), 300).ShouldBeGreaterThan(0.8);

        // No holes of nothing in the noise of the line.
        for (var at = 40_000; at < 94_000; at += 320)
        {
            heard.Slice(at, 320).ContainsAnyExcept((short)0).ShouldBeTrue($"at {at}");
        }
    }

    [Fact]
    public async Task A_peer_with_G711_and_comfort_noise_is_recorded_in_full_length_with_the_colour_of_its_noise()
    {
        var (audio, result) = await RecordNarrow(13, [50, 20, 127, 127]);
        result.Duration.ShouldBe(TimeSpan.FromSeconds(2.9));
        var pause = Pause(audio);
        Voice.Rms(pause).ShouldBeInRange(75, 130);

        // k1 is -0.84: neighbours are alike.
        TestVoice.Correlation(pause.AsSpan(1), pause.AsSpan(0, pause.Length - 1)).ShouldBe(0.84, 0.08);
    }

    [Fact]
    public async Task Comfort_noise_of_another_clock_gives_its_level_alone()
    {
        var (audio, result) = await RecordNarrow(WideNoise, [50, 20, 127, 127]);
        result.Duration.ShouldBe(TimeSpan.FromSeconds(2.9));
        var pause = Pause(audio);
        Voice.Rms(pause).ShouldBeInRange(75, 130);
        TestVoice.Correlation(pause.AsSpan(1), pause.AsSpan(0, pause.Length - 1)).ShouldBe(0.5, 0.1);
        audio.AsSpan(0, 8_000).SequenceEqual(FakePeer.Tone(8_000)).ShouldBeTrue();
        audio.AsSpan(16_000, 7_200).SequenceEqual(FakePeer.Tone(7_200, offset: 16_000)).ShouldBeTrue();
    }

    private static short[] Pause(byte[] audio)
    {
        var pause = new short[6_400];
        G711.Decode(audio.AsSpan(8_800, 6_400), pause, G711Law.Mu);
        return pause;
    }

    private static RecordLimits Limits(double seconds) => new() { SilenceTimeout = null, MaxDuration = TimeSpan.FromSeconds(seconds) };

    // A second of sound, a second of pause, a second of sound.
    private static async Task<(byte[] Audio, RecordResult Result)> RecordNarrow(byte type, byte[] noise)
    {
        using var rig = new EngineRig();
        rig.Session.Start(EngineRig.Agreed(rig.Peer.Rtp.Local) with { ReceivesNoise = new Dictionary<byte, int> { [13] = 8000, [WideNoise] = 16_000 } }, symmetric: false);
        rig.Engine.Step();
        var record = rig.Session.RecordAsync(rig.Sink, Limits(2.9), CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if (frame is < 50 or >= 100)
            {
                rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
                return;
            }

            if (frame == 50)
            {
                rig.Peer.Send(rig.Peer.Packet(noise, type));
            }

            rig.Peer.Timestamp += 160;
        };
        var result = await rig.RunUntil(record);
        return (rig.Sink.Audio.ToArray(), result);
    }

    /// <summary>Two seconds of voice, four of a quiet line, two of voice.</summary>
    private static short[] Said(int rate)
    {
        var samples = Voice.Speak(8, rate);
        var random = new Random(4);
        for (var i = rate * 2; i < rate * 6; i++)
        {
            samples[i] = (short)random.Next(-20, 21);
        }

        return samples;
    }
}
