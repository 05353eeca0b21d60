using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Sdp;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Engine;

/// <summary>Pauses of what we play, where the peer takes comfort noise (RFC 3389) or Opus without silence: not sent, and nothing of the words is lost.</summary>
public sealed class SilenceSuppressionTests
{
    private const byte Noise = 13;

    [Fact]
    public async Task A_pause_of_a_prompt_is_said_by_a_few_packets_and_every_word_is_sent_in_its_place()
    {
        using var rig = Start(VoiceCodec.Pcmu);
        var said = Prompt(8000, noise: 30);
        var codes = new byte[said.Length];
        G711.Encode(said, codes, G711Law.Mu);
        await Play(rig, AudioClip.FromG711(codes, G711Law.Mu));
        var packets = rig.Peer.Packets;
        var noise = packets.Where(p => p.Type == Noise).ToArray();
        noise.Length.ShouldBeInRange(4, 8);
        noise.ShouldAllBe(p => p.Payload.Length == 7 && p.Payload[0] >= 58 && p.Payload[0] <= 64 && !p.Marker);
        packets.Count.ShouldBeInRange(110, 125);

        // One numbering, and each packet where its time is.
        var first = packets[0];
        packets.Select(p => (ushort)(p.Sequence - first.Sequence)).ShouldBe(Enumerable.Range(0, packets.Count).Select(i => (ushort)i));
        var sound = packets.Where(p => p.Type == 0).ToArray();
        sound.ShouldAllBe(p => p.Payload.SequenceEqual(codes.Skip((int)(p.Timestamp - first.Timestamp)).Take(160)));
        sound.Where(p => p.Marker).Select(p => (int)(p.Timestamp - first.Timestamp)).ShouldBe([0, 24_000]);
        foreach (var word in new[] { 0, 24_000 })
        {
            sound.Count(p => p.Timestamp - first.Timestamp >= word && p.Timestamp - first.Timestamp < word + 8000).ShouldBe(50);
        }
    }

    [Fact]
    public async Task Digital_silence_is_named_without_a_spectrum_and_a_louder_pause_is_told_again()
    {
        using var rig = Start(VoiceCodec.Pcma);
        var said = new short[24_000];
        Sound(said.AsSpan(0, 8000), 8000);
        var random = new Random(1);
        for (var i = 16_000; i < 24_000; i++)
        {
            said[i] = (short)random.Next(-60, 61);
        }

        var codes = new byte[said.Length];
        G711.Encode(said, codes, G711Law.A);
        await Play(rig, AudioClip.FromG711(codes, G711Law.A));
        var levels = rig.Peer.Packets.Where(p => p.Type == Noise).Select(p => (int)p.Payload[0]).ToArray();
        levels[0].ShouldBeGreaterThan(70);
        levels[^1].ShouldBeInRange(56, 62);
    }

    [Fact]
    public async Task Without_an_agreement_every_packet_is_sent()
    {
        using var rig = new EngineRig().Start();
        await Play(rig, AudioClip.Silence(TimeSpan.FromSeconds(2)));
        rig.Peer.Packets.Count.ShouldBe(100);
    }

    [Fact]
    public async Task In_G722_the_level_alone_is_told_and_the_words_behind_the_pause_are_whole()
    {
        Assert.SkipUnless(VoiceCodec.G722.IsAvailable(), "libspandsp2 is not installed");
        using var rig = Start(VoiceCodec.G722);
        var said = Prompt(16_000, noise: 20);
        await Play(rig, AudioClip.FromPcm(new PcmAudio(said, 16_000)));
        var packets = rig.Peer.Packets;
        packets.Where(p => p.Type == Noise).ShouldAllBe(p => p.Payload.Length == 1);
        packets.Count.ShouldBeInRange(110, 125);
        using var decoder = CodecSupport.CreateDecoder(VoiceCodec.G722);
        var heard = new short[said.Length + 320];
        var room = new short[IAudioDecoder.MaxSamples];
        foreach (var packet in packets.Where(p => p.Type == 9))
        {
            var count = decoder.Decode(packet.Payload, room);
            room.AsSpan(0, count).CopyTo(heard.AsSpan((int)(packet.Timestamp - packets[0].Timestamp) * 2));
        }

        Voice.Similarity(said.AsSpan(48_000, 15_000), heard.AsSpan(48_000, 15_000), 60).ShouldBeGreaterThan(0.9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Opus_sends_nothing_while_nobody_speaks_when_the_peer_asks_for_that(bool asked)
    {
        Assert.SkipUnless(VoiceCodec.Opus.IsAvailable(), "libopus0 is not installed");
        using var rig = Start(VoiceCodec.Opus, opus: new OpusParameters { Discontinuous = asked });
        await Play(rig, AudioClip.FromPcm(new PcmAudio(Prompt(16_000, noise: 3), 16_000)));
        var packets = rig.Peer.Packets;
        packets.ShouldAllBe(p => p.Payload.Length > (asked ? 2 : 0));
        if (asked)
        {
            packets.Count.ShouldBeInRange(100, 170);
            packets.Count(p => p.Marker).ShouldBeInRange(2, 10);
        }
        else
        {
            packets.Count.ShouldBe(200);
            packets.Count(p => p.Marker).ShouldBe(1);
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_packet()
    {
        using var rig = Start(VoiceCodec.Pcmu);
        var said = Prompt(8000, noise: 30);
        var codes = new byte[said.Length];
        G711.Encode(said, codes, G711Law.Mu);
        _ = rig.Session.PlayAsync(new PlayList(AudioClip.FromG711(codes, G711Law.Mu)).Looped(), DigitSet.None, CancellationToken.None);
        void Pass()
        {
            for (var i = 0; i < 300; i++)
            {
                rig.Run(20);
                rig.Peer.Discard();
            }
        }

        Pass();
        AllocationMeter.Least(4, _ => Pass()).ShouldBe(0);
    }

    /// <summary>A second of sound, two of quiet noise, a second of sound.</summary>
    private static short[] Prompt(int rate, int noise)
    {
        var samples = new short[rate * 4];
        var random = new Random(7);
        for (var i = rate; i < rate * 3; i++)
        {
            samples[i] = (short)(random.Next(-noise, noise + 1) * 1.7);
        }

        Sound(samples.AsSpan(0, rate), rate);
        Sound(samples.AsSpan(rate * 3), rate);
        return samples;
    }

    private static void Sound(Span<short> samples, int rate)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var time = i / (double)rate;
            samples[i] = (short)(6000 * Math.Sin((2 * Math.PI * 300 * time) + (3 * Math.Sin(2 * Math.PI * 4 * time))));
        }
    }

    private static async Task Play(EngineRig rig, AudioClip clip)
    {
        var play = rig.Session.PlayAsync(new PlayList(clip), DigitSet.None, CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Collect();
        await rig.RunUntil(play);
        rig.Peer.Collect();
    }

    private static EngineRig Start(VoiceCodec codec, OpusParameters? opus = null)
    {
        var rig = new EngineRig();
        rig.Session.Start(
            EngineRig.Agreed(rig.Peer.Rtp.Local) with
            {
                Codec = codec,
                PayloadType = codec.StaticPayloadType() ?? 96,
                ComfortNoisePayloadType = codec == VoiceCodec.Opus ? null : Noise,
                Opus = opus ?? OpusParameters.Default,
            },
            symmetric: false);
        rig.Engine.Step();
        return rig;
    }
}
