using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Codecs;

/// <summary>Each codec through the interfaces that the engine uses.</summary>
public sealed class StreamCodecTests
{
    [Theory]
    [InlineData(VoiceCodec.Pcmu, 20, 0.99)]
    [InlineData(VoiceCodec.Pcma, 20, 0.99)]
    [InlineData(VoiceCodec.G722, 20, 0.98)]
    [InlineData(VoiceCodec.G722, 30, 0.98)]
    [InlineData(VoiceCodec.Opus, 10, 0.8)]
    [InlineData(VoiceCodec.Opus, 20, 0.8)]
    [InlineData(VoiceCodec.Opus, 60, 0.8)]
    public void What_was_said_comes_out_again_as_loud_as_it_was(VoiceCodec codec, int packetMs, double atLeast)
    {
        var said = Voice.Speak(2, codec.SampleRate());
        var heard = ThroughCodec(codec, said, packetMs);
        heard.Length.ShouldBe(said.Length);
        Voice.Similarity(said, heard, maxLag: 300).ShouldBeGreaterThan(atLeast);
        Voice.Rms(heard).ShouldBe(Voice.Rms(said), Voice.Rms(said) * 0.1);
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public void Wideband_keeps_what_a_telephone_band_loses(VoiceCodec codec)
    {
        var hiss = Enumerable.Range(0, 16000).Select(i => (short)(4000 * Math.Sin(2 * Math.PI * 5500 * i / 16000))).ToArray();
        Voice.Rms(ThroughCodec(codec, hiss, 20)).ShouldBe(Voice.Rms(hiss), Voice.Rms(hiss) * 0.3);
    }

    [Fact]
    public void A_lost_Opus_frame_comes_out_of_the_next_one()
    {
        var said = Voice.Speak(2, 16000);
        using var encoder = CodecSupport.CreateEncoder(VoiceCodec.Opus, new OpusParameters { ForwardCorrection = true });
        using var decoder = CodecSupport.CreateDecoder(VoiceCodec.Opus);
        var packets = Packets(encoder, said, 320).ToArray();
        var heard = new List<short>();
        var samples = new short[IAudioDecoder.MaxSamples];
        var lost = -1;
        for (var i = 0; i < packets.Length; i++)
        {
            if (i % 10 == 5)
            {
                lost = i;
                continue;
            }

            if (lost >= 0)
            {
                decoder.Recover(packets[i], samples.AsSpan(0, 320)).ShouldBe(320);
                heard.AddRange(samples.AsSpan(0, 320));
                lost = -1;
            }

            heard.AddRange(samples.AsSpan(0, decoder.Decode(packets[i], samples)));
        }

        Voice.Similarity(said, heard.ToArray(), 300).ShouldBeGreaterThan(0.8);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Opus_repeats_frames_of_speech_when_the_peer_can_use_that(bool wanted)
    {
        using var encoder = CodecSupport.CreateEncoder(VoiceCodec.Opus, new OpusParameters { ForwardCorrection = wanted });
        var speech = Packets(encoder, Voice.Speak(3, 16000), 320).Where(p => (p[1] & 0x80) != 0).ToArray();

        // Behind the flag of speech stands that of a repeated frame (RFC 6716, 4.2.3).
        speech.Length.ShouldBeGreaterThan(50);
        var repeating = speech.Count(p => (p[1] & 0x40) != 0) / (double)speech.Length;
        repeating.ShouldBeInRange(wanted ? 0.6 : 0, wanted ? 1 : 0);
    }

    [Fact]
    public void Opus_makes_up_for_what_nothing_repeats()
    {
        using var encoder = CodecSupport.CreateEncoder(VoiceCodec.Opus, OpusParameters.Default);
        using var decoder = CodecSupport.CreateDecoder(VoiceCodec.Opus);
        var samples = new short[IAudioDecoder.MaxSamples];
        foreach (var packet in Packets(encoder, Voice.Speak(0.16, 16000), 320))
        {
            decoder.Decode(packet, samples);
        }

        decoder.Conceal(samples.AsSpan(0, 320)).ShouldBe(320);
        Voice.Rms(samples.AsSpan(0, 320)).ShouldBeGreaterThan(500);
        decoder.Conceal(samples.AsSpan(0, 321)).ShouldBe(0);
        decoder.Conceal([]).ShouldBe(0);
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public void Nothing_is_allocated_per_packet(VoiceCodec codec)
    {
        using var encoder = CodecSupport.CreateEncoder(codec, OpusParameters.Default);
        using var decoder = CodecSupport.CreateDecoder(codec);
        var said = Voice.Speak(0.02, 16000);
        var payload = new byte[IAudioEncoder.MaxBytes];
        var samples = new short[IAudioDecoder.MaxSamples];
        AllocationMeter.Least(3, _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                decoder.Decode(payload.AsSpan(0, encoder.Encode(said, payload)), samples);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public void Sizes_that_a_codec_does_not_have_are_refused_without_harm()
    {
        using var opus = CodecSupport.CreateEncoder(VoiceCodec.Opus, OpusParameters.Default);
        using var g722 = CodecSupport.CreateEncoder(VoiceCodec.G722, OpusParameters.Default);
        var payload = new byte[IAudioEncoder.MaxBytes];
        opus.Encode(new short[240], payload).ShouldBe(0);
        opus.Encode(new short[320], []).ShouldBe(0);
        g722.Encode(new short[161], payload).ShouldBe(0);
        g722.Encode(new short[320], payload.AsSpan(0, 100)).ShouldBe(0);
    }

    [Fact]
    public void A_codec_that_was_disposed_of_gives_nothing()
    {
        var decoder = CodecSupport.CreateDecoder(VoiceCodec.G722);
        decoder.Dispose();
        Should.Throw<ObjectDisposedException>(() => decoder.Decode(new byte[160], new short[320]));
    }

    internal static IEnumerable<byte[]> Packets(IAudioEncoder encoder, short[] said, int packetSamples)
    {
        var payload = new byte[IAudioEncoder.MaxBytes];
        for (var at = 0; at + packetSamples <= said.Length; at += packetSamples)
        {
            yield return payload[..encoder.Encode(said.AsSpan(at, packetSamples), payload)];
        }
    }

    private static short[] ThroughCodec(VoiceCodec codec, short[] said, int packetMs)
    {
        using var encoder = CodecSupport.CreateEncoder(codec, OpusParameters.Default);
        using var decoder = CodecSupport.CreateDecoder(codec);
        var heard = new List<short>();
        var samples = new short[IAudioDecoder.MaxSamples];
        var packetSamples = packetMs * codec.SampleRate() / 1000;
        foreach (var packet in Packets(encoder, said, packetSamples))
        {
            packet.ShouldNotBeEmpty();
            heard.AddRange(samples.AsSpan(0, decoder.Decode(packet, samples)));
        }

        heard.AddRange(new short[said.Length - heard.Count]);
        return [.. heard];
    }
}
