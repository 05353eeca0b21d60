using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Sdp;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Engine;

/// <summary>Calls in G.722 and Opus: recorded, played, changed in the middle, with loss and pauses.</summary>
public sealed class WideCallTests
{
    private const byte OpusType = 107;
    private static readonly RecordLimits s_noSilence = new() { SilenceTimeout = null };

    [Theory]
    [InlineData(VoiceCodec.G722, 0.98)]
    [InlineData(VoiceCodec.Opus, 0.8)]
    public async Task What_was_said_is_recorded_at_16_kHz(VoiceCodec codec, double atLeast)
    {
        using var rig = Start(codec);
        var said = Voice.Speak(4, 16000);
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence with { MaxDuration = TimeSpan.FromSeconds(3.9) }, CancellationToken.None);
        Say(rig, codec, said);
        var result = await rig.RunUntil(record);
        result.Duration.ShouldBe(TimeSpan.FromSeconds(3.9));
        result.SpeechDuration.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3.9));
        rig.Sink.Length.ShouldBe(0);
        rig.Sink.WideLength.ShouldBe(62_400);
        Voice.Similarity(said.AsSpan(0, 62_400), rig.Sink.WideAudio, 300).ShouldBeGreaterThan(atLeast);
        rig.Session.Statistics.Jitter.ShouldBeLessThan(TimeSpan.FromMilliseconds(3));
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public async Task Lost_packets_are_made_up_for_and_pauses_stay_pauses(VoiceCodec codec)
    {
        using var rig = Start(codec);
        var said = Voice.Speak(4, 16000);
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence with { MaxDuration = TimeSpan.FromSeconds(3.9) }, CancellationToken.None);
        Say(rig, codec, said, frame => frame % 17 == 8 ? Fate.Lost : frame is >= 100 and < 125 ? Fate.NotSent : Fate.Sent);
        await rig.RunUntil(record);
        rig.Sink.WideLength.ShouldBe(62_400);
        Voice.Similarity(said.AsSpan(0, 30_000), rig.Sink.WideAudio[..30_000], 300).ShouldBeGreaterThan(0.75);
        Voice.Rms(rig.Sink.WideAudio[32_640..39_900]).ShouldBeLessThan(10, "a pause of half a second");
        Voice.Similarity(said.AsSpan(41_000, 20_000), rig.Sink.WideAudio.Slice(41_000, 20_000), 300).ShouldBeGreaterThan(0.75);
    }

    [Fact]
    public async Task Where_a_packet_of_G722_was_lost_the_voice_goes_on()
    {
        using var rig = Start(VoiceCodec.G722);
        var said = Enumerable.Range(0, 64_000).Select(i => (short)(6000 * Math.Sin(2 * Math.PI * 400 * i / 16_000))).ToArray();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence with { MaxDuration = TimeSpan.FromSeconds(3.9) }, CancellationToken.None);
        Say(rig, VoiceCodec.G722, said, frame => frame % 17 == 8 ? Fate.Lost : Fate.Sent);
        await rig.RunUntil(record);
        for (var frame = 25; frame < 190; frame += 17)
        {
            Voice.Rms(rig.Sink.WideAudio.Slice((frame * 320) + 40, 240)).ShouldBeInRange(3000, 5500, $"frame {frame}");
        }
    }

    [Fact]
    public async Task A_peer_that_changes_the_codec_in_the_middle_keeps_its_place_in_time()
    {
        using var rig = Start(VoiceCodec.Opus);
        using var opus = CodecSupport.CreateEncoder(VoiceCodec.Opus, OpusParameters.Default);
        using var g722 = CodecSupport.CreateEncoder(VoiceCodec.G722, OpusParameters.Default);
        var said = Voice.Speak(6, 16000);
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence with { MaxDuration = TimeSpan.FromSeconds(5.8) }, CancellationToken.None);
        var payload = new byte[IAudioEncoder.MaxBytes];
        rig.EachFrame = frame =>
        {
            if (frame >= 295)
            {
                return;
            }

            var samples = said.AsSpan(frame * 320, 320);
            switch (frame / 100)
            {
                case 0:
                    SendOpus(rig, payload.AsSpan(0, opus.Encode(samples, payload)));
                    break;
                case 1:
                    var narrow = Resampler.Convert(new PcmAudio(samples.ToArray(), 16000), 8000).Samples.ToArray();
                    rig.Peer.Audio(narrow.Select(s => G711.Encode(s, G711Law.Mu)).ToArray());
                    break;
                default:
                    rig.Peer.Audio(payload.AsSpan(0, g722.Encode(samples, payload)), 9);
                    break;
            }
        };
        (await rig.RunUntil(record)).Duration.ShouldBe(TimeSpan.FromSeconds(5.8));
        rig.Sink.Length.ShouldBeInRange(15_500, 16_500);
        (rig.Sink.Length + (rig.Sink.WideLength / 2)).ShouldBe(46_400);
    }

    [Theory]
    [InlineData(VoiceCodec.G722, 20, 0.98)]
    [InlineData(VoiceCodec.G722, 30, 0.98)]
    [InlineData(VoiceCodec.Opus, 20, 0.8)]
    [InlineData(VoiceCodec.Opus, 30, 0.8)]
    [InlineData(VoiceCodec.Opus, 60, 0.8)]
    public async Task Clips_are_heard_one_after_the_other_in_the_codec_of_the_call(VoiceCodec codec, int ptime, double atLeast)
    {
        using var rig = Start(codec, ptime);
        var said = Voice.Speak(2, 16000);
        var list = new PlayList(
            AudioClip.FromPcm(new PcmAudio(said.AsMemory(0, 11_111 * 2), 16000)), AudioClip.FromPcm(new PcmAudio(said.AsMemory(11_111 * 2), 16000)));
        rig.EachFrame = _ => rig.Peer.Collect();
        await rig.RunUntil(rig.Session.PlayAsync(list, DigitSet.None, CancellationToken.None));
        rig.Peer.Collect();
        var packets = rig.Peer.Packets;
        packets.ShouldAllBe(p => p.Type == (codec == VoiceCodec.Opus ? OpusType : 9));
        packets.Count(p => p.Marker).ShouldBe(1);
        var packetMs = codec == VoiceCodec.Opus && ptime == 30 ? 20 : ptime;
        packets.Zip(packets.Skip(1)).ShouldAllBe(p => p.Second.Timestamp - p.First.Timestamp == packetMs * codec.ClockRate() / 1000);
        using var decoder = CodecSupport.CreateDecoder(codec);
        var samples = new short[IAudioDecoder.MaxSamples];
        var heard = packets.SelectMany(p => samples[..decoder.Decode(p.Payload, samples)]).ToArray();
        heard.Length.ShouldBeInRange(32_000, 32_000 + (packetMs * 16));
        Voice.Similarity(said, heard, 300).ShouldBeGreaterThan(atLeast);
    }

    [Fact]
    public async Task A_new_agreement_changes_the_codec_while_playing_and_recording()
    {
        using var rig = Start(VoiceCodec.Opus);
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        var play = rig.Session.PlayAsync(AudioClip.FromPcm(new PcmAudio(Voice.Speak(2, 16000), 16000)), DigitSet.None, CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Collect();
        rig.Run(1000);
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local));
        await rig.RunUntil(play);
        rig.Peer.Collect();
        var narrow = rig.Peer.Packets.SkipWhile(p => p.Type == OpusType).ToArray();
        narrow.ShouldAllBe(p => p.Type == 0 && p.Payload.Length == 160);
        narrow.Length.ShouldBeInRange(48, 52);
        narrow[0].Marker.ShouldBeTrue("the clock changed");
        narrow.Zip(narrow.Skip(1)).ShouldAllBe(p => p.Second.Timestamp - p.First.Timestamp == 160);
        record.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Keys_come_with_the_clock_of_Opus_and_with_that_of_others()
    {
        using var rig = Start(VoiceCodec.Opus);
        var first = rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        foreach (var (duration, end) in new[] { (960, false), (1920, false), (4800, true), (4800, true) })
        {
            rig.Peer.Send(rig.Peer.Packet([5, (byte)(end ? 0x8A : 0x0A), (byte)(duration >> 8), (byte)duration], 102));
            rig.Run(20);
        }

        (await rig.RunUntil(first)).ShouldBe('5');
        rig.Events.Digits.ShouldContain(('5', 100));
        rig.Peer.Timestamp += 48_000;
        rig.Peer.Press('7', 80);
        (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(5), CancellationToken.None))).ShouldBe('7');
        rig.Events.Digits.ShouldContain(('7', 80));
    }

    [Fact]
    public async Task A_key_is_sent_with_the_clock_of_Opus()
    {
        using var rig = Start(VoiceCodec.Opus);
        var sent = rig.Session.SendDigitAsync('3', TimeSpan.FromMilliseconds(100), CancellationToken.None);
        rig.Run(300);
        await sent;
        rig.Peer.Collect();
        var events = rig.Peer.Packets.ToArray();
        events.ShouldAllBe(p => p.Type == 102 && p.Payload[0] == 3);
        events.Select(p => p.Timestamp).Distinct().Count().ShouldBe(1);
        var last = events[^1].Payload;
        (last[1] & 0x80).ShouldBe(0x80);
        ((last[2] << 8) | last[3]).ShouldBe(4800);
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public async Task Keys_in_the_sound_are_heard_when_the_peer_has_no_telephone_events(VoiceCodec codec)
    {
        using var rig = Start(codec, events: false);
        var digit = rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        var tone = Enumerable.Range(0, 16000 / 5).Select(i => (short)((5000 * Math.Sin(2 * Math.PI * 770 * i / 16000)) + (5000 * Math.Sin(2 * Math.PI * 1336 * i / 16000))));
        Say(rig, codec, [.. new short[3200], .. tone, .. new short[16000]]);
        (await rig.RunUntil(digit)).ShouldBe('5');
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public void Damaged_payloads_are_counted_and_the_recording_goes_on(VoiceCodec codec)
    {
        using var rig = Start(codec);
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        var random = new Random(3);
        rig.EachFrame = _ =>
        {
            var payload = new byte[random.Next(1, 300)];
            random.NextBytes(payload);
            SendOpus(rig, payload, codec);
        };
        rig.Run(4000);
        record.IsCompleted.ShouldBeFalse();
        rig.Session.Statistics.PacketsReceived.ShouldBeGreaterThan(100);
        if (codec == VoiceCodec.Opus)
        {
            rig.Session.Statistics.Malformed.ShouldBePositive();
        }
    }

    [Theory]
    [InlineData(VoiceCodec.G722, false)]
    [InlineData(VoiceCodec.G722, true)]
    [InlineData(VoiceCodec.Opus, false)]
    [InlineData(VoiceCodec.Opus, true)]
    public void Neither_recording_nor_playing_allocates_per_packet(VoiceCodec codec, bool play)
    {
        using var rig = Start(codec);
        Task work = play
            ? rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromMinutes(2)), DigitSet.None, CancellationToken.None)
            : rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        using var encoder = CodecSupport.CreateEncoder(codec, OpusParameters.Default);
        var payload = new byte[IAudioEncoder.MaxBytes];
        var frame = payload.AsMemory(0, encoder.Encode(Voice.Speak(0.02, 16000), payload));
        void Step(int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                if (!play)
                {
                    SendOpus(rig, frame.Span, codec);
                }

                rig.Run(20);
                rig.Peer.Discard();
            }
        }

        Step(300);
        AllocationMeter.Least(3, _ => Step(500)).ShouldBe(0);
        work.IsCompleted.ShouldBeFalse();
    }

    private static EngineRig Start(VoiceCodec codec, int ptime = 20, bool events = true)
    {
        var rig = new EngineRig();
        rig.Session.Start(
            EngineRig.Agreed(rig.Peer.Rtp.Local, ptime: ptime) with
            {
                Codec = codec,
                PayloadType = codec == VoiceCodec.Opus ? OpusType : (byte)9,
                Receives = new Dictionary<byte, VoiceCodec> { [OpusType] = VoiceCodec.Opus, [9] = VoiceCodec.G722 },
                TelephoneEventPayloadType = !events ? null : codec == VoiceCodec.Opus ? (byte)102 : (byte)101,
                TelephoneEventClockRate = codec.ClockRate(),
                ReceivesEvents = events ? new Dictionary<byte, int> { [101] = 8000, [102] = 48000 } : new Dictionary<byte, int>(),
            },
            symmetric: false);
        rig.Engine.Step();
        return rig;
    }

    private static void Say(EngineRig rig, VoiceCodec codec, short[] said, Func<int, Fate>? fate = null)
    {
        var encoder = CodecSupport.CreateEncoder(codec, new OpusParameters { ForwardCorrection = true });
        var payload = new byte[IAudioEncoder.MaxBytes];
        rig.EachFrame = frame =>
        {
            if ((frame + 1) * 320 > said.Length)
            {
                return;
            }

            var packet = payload.AsSpan(0, encoder.Encode(said.AsSpan(frame * 320, 320), payload));
            switch (fate?.Invoke(frame) ?? Fate.Sent)
            {
                case Fate.Sent:
                    SendOpus(rig, packet, codec);
                    break;
                case Fate.Lost:
                    rig.Peer.Sequence++;
                    rig.Peer.Timestamp += codec == VoiceCodec.Opus ? 960u : 160u;
                    break;
                default:
                    rig.Peer.Timestamp += codec == VoiceCodec.Opus ? 960u : 160u;
                    break;
            }
        };
    }

    private static void SendOpus(EngineRig rig, ReadOnlySpan<byte> payload, VoiceCodec codec = VoiceCodec.Opus)
    {
        rig.Peer.Audio(payload, codec == VoiceCodec.Opus ? OpusType : (byte)9);
        rig.Peer.Timestamp += codec == VoiceCodec.Opus ? 960u - (uint)payload.Length : 0;
    }

    private enum Fate
    {
        Sent,
        Lost,
        NotSent,
    }
}
