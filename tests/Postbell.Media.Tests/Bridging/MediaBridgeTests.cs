using Postbell.Core;
using Postbell.Media.Bridging;
using Postbell.Media.Codecs;
using Postbell.Media.Sdp;
using Postbell.Media.Tests.Tones;
using Postbell.Media.Tones;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Bridging;

public sealed class MediaBridgeTests
{
    [Fact]
    public void Sound_in_the_same_codec_goes_on_bit_for_bit_both_ways_at_once()
    {
        using var rig = new BridgeRig();
        var bridge = rig.Join();
        rig.One.Say(TestVoice.Speak(5000));
        rig.Other.Say(TestVoice.Speak(5000, seed: 2));
        rig.Run(5040);
        foreach (var (speaker, listener) in new[] { (rig.One, rig.Other), (rig.Other, rig.One) })
        {
            var said = new byte[speaker.Voice!.Length];
            G711.Encode(speaker.Voice, said, G711Law.Mu);
            listener.Heard.Where(p => p.Payload.Length == 160).TakeLast(240).SelectMany(p => p.Payload).ShouldBe(said.TakeLast(240 * 160));
            listener.Heard.Skip(10).Zip(listener.Heard.Skip(11)).ShouldAllBe(p => p.Second.Sequence == (ushort)(p.First.Sequence + 1) && p.Second.Timestamp - p.First.Timestamp == 160);
        }

        bridge.Statistics.PassedToOne.ShouldBeInRange(245, 250);
        bridge.Statistics.PassedToOther.ShouldBeInRange(245, 250);
    }

    [Fact]
    public void Holes_in_the_sound_stay_holes_for_the_listeners_own_concealment()
    {
        using var rig = new BridgeRig();
        rig.Join();
        rig.One.Link = new LossyLink(3) { Loss = 0.05 };
        rig.One.Say(TestVoice.Speak(4000));
        rig.Run(4040);
        var numbers = rig.Other.Heard.Skip(5).Select(p => p.Sequence).ToArray();
        var holes = numbers.Zip(numbers.Skip(1)).Count(p => p.Second != (ushort)(p.First + 1));
        holes.ShouldBeGreaterThan(3);
        rig.Other.Heard.Skip(5).Zip(rig.Other.Heard.Skip(6)).ShouldAllBe(p => p.Second.Timestamp - p.First.Timestamp == (uint)(ushort)(p.Second.Sequence - p.First.Sequence) * 160);
    }

    [Theory]
    [InlineData(VoiceCodec.Pcmu, VoiceCodec.Pcma, 20, 20, 0.97)]
    [InlineData(VoiceCodec.Pcma, VoiceCodec.Pcma, 20, 30, 0.97)]
    [InlineData(VoiceCodec.Pcmu, VoiceCodec.Pcmu, 60, 20, 0.97)]
    [InlineData(VoiceCodec.Pcmu, VoiceCodec.G722, 20, 20, 0.85)]
    [InlineData(VoiceCodec.G722, VoiceCodec.Pcma, 20, 20, 0.85)]
    [InlineData(VoiceCodec.Opus, VoiceCodec.Pcmu, 20, 20, 0.8)]
    [InlineData(VoiceCodec.Pcma, VoiceCodec.Opus, 20, 20, 0.8)]
    public void Other_codecs_and_packet_times_are_encoded_anew(VoiceCodec from, VoiceCodec to, int ptimeFrom, int ptimeTo, double alike)
    {
        Assert.SkipUnless(from.IsAvailable() && to.IsAvailable(), "a codec library is not installed");
        using var rig = new BridgeRig(from, to, ptimeFrom, ptimeTo);
        var bridge = rig.Join();
        rig.One.Say(TestVoice.Speak(8000, from.SampleRate()));
        rig.Run(8000);
        var heard = Narrow(rig.Other.Sound(), to.SampleRate());
        heard.Length.ShouldBeInRange(7800 * 8, 8040 * 8);
        var said = TestVoice.Speak(8000);
        TestVoice.Likeness(heard.AsSpan(24_000), said.AsSpan(24_000), 1600).ShouldBeGreaterThan(alike);
        bridge.Statistics.PassedToOther.ShouldBeLessThan(5);
        bridge.Statistics.HeardByOther.DelayMs.ShouldBeLessThan(100);
        bridge.Statistics.HeardByOther.ConcealedMs.ShouldBeLessThan(300);
    }

    [Theory]
    [InlineData(1, 0.02, 40, 200)]
    [InlineData(2, 0.05, 80, -200)]
    public void A_bad_network_and_clocks_that_run_apart_are_understood(int seed, double loss, double jitter, double ppm)
    {
        using var rig = new BridgeRig(VoiceCodec.Pcmu, VoiceCodec.Pcma);
        rig.Join();
        rig.One.Link = new LossyLink(seed) { Loss = loss, JitterMs = jitter, Duplicates = 0.02 };
        rig.One.DriftPpm = ppm;
        var voice = TestVoice.Speak(30_000);
        rig.One.Say(voice);
        rig.Run(30_000);
        TestVoice.Likeness(rig.Other.Sound().AsSpan(80_000), voice.AsSpan(80_000), 2400).ShouldBeGreaterThan(0.85);
    }

    [Fact]
    public async Task A_key_is_reported_by_its_own_call_and_passed_on_once()
    {
        using var rig = new BridgeRig();
        rig.Join();
        rig.One.Say(TestVoice.Speak(3000));
        rig.Run(500);
        var collect = rig.One.Session.CollectDigitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        rig.One.Press('5');
        rig.Run(1000);
        collect.IsCompleted.ShouldBeTrue();
        (await collect).ShouldBe('5');
        rig.One.Events.Digits.Select(d => d.Digit).ShouldBe(['5']);
        rig.Other.Events.Digits.ShouldBeEmpty();
        var events = rig.Other.Heard.Where(p => p.Type == 101).ToArray();
        events.Select(p => p.Timestamp).Distinct().Count().ShouldBe(1);
        events.ShouldAllBe(p => p.Payload[0] == 5);
        events.Count(p => (p.Payload[1] & 0x80) != 0).ShouldBe(3);
        events[0].Marker.ShouldBeTrue();

        // The voice goes on behind it.
        rig.Other.Heard[^1].Type.ShouldBe((byte)0);
    }

    [Fact]
    public void A_key_that_must_not_pass_is_reported_and_kept()
    {
        using var rig = new BridgeRig();
        rig.Join(new MediaBridgeOptions { PassKeysFromOne = false });
        rig.Run(100);
        rig.One.Press('5');
        rig.Other.Press('7');
        rig.Run(500);
        rig.One.Events.Digits.Select(d => d.Digit).ShouldBe(['5']);
        rig.Other.Heard.ShouldAllBe(p => p.Type != 101);
        rig.One.Heard.Count(p => p.Type == 101 && (p.Payload[1] & 0x80) != 0).ShouldBe(3);
    }

    [Fact]
    public void A_peer_without_events_hears_the_key_as_tones()
    {
        using var rig = new BridgeRig(eventsOther: null);
        rig.Join();
        rig.Run(100);
        rig.One.Press('9');
        rig.Run(40);
        rig.One.Press('9');
        rig.Run(1000);
        DtmfDetectorTests.Found(rig.Other.Sound()).ShouldBe("99");
    }

    [Fact]
    public void Who_is_left_alone_by_a_hold_hears_the_music_and_then_the_other_again()
    {
        using var rig = new BridgeRig();
        var music = ToneGenerator.Generate(TimeSpan.FromMilliseconds(500), -10, 800);
        rig.Join(new MediaBridgeOptions { WhileHeld = music });
        rig.One.Say(TestVoice.Speak(1000));
        rig.Run(1000);
        rig.One.Voice = null;
        rig.One.Agreed = rig.One.Agreed with { Direction = MediaDirection.Inactive };
        rig.One.Update();
        rig.Run(3000);
        var held = rig.Other.Sound()[^16_000..];
        TestVoice.Level(held).ShouldBeGreaterThan(3000);
        rig.One.Agreed = rig.One.Agreed with { Direction = MediaDirection.SendRecv };
        rig.One.Update();
        var voice = TestVoice.Speak(2000);
        rig.One.Say(voice);
        rig.Run(2040);
        TestVoice.Likeness(rig.Other.Sound().AsSpan()[^12_000..], voice.AsSpan()[^12_000..], 800).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public async Task Parted_legs_go_on_for_themselves_and_can_be_joined_again()
    {
        using var rig = new BridgeRig();
        var bridge = rig.Join();
        rig.One.Say(TestVoice.Speak(20_000));
        rig.Run(500);
        var apart = bridge.DisposeAsync();
        rig.Step();
        apart.IsCompleted.ShouldBeTrue();
        await apart;
        bridge.Ended.IsCompletedSuccessfully.ShouldBeTrue();
        rig.Run(100);
        rig.Other.Heard.Clear();
        rig.Run(500);
        rig.Other.Heard.ShouldBeEmpty();
        var play = rig.Other.Session.PlayAsync(Tone.Beep, DigitSet.None, CancellationToken.None);
        rig.Run(600);
        play.IsCompleted.ShouldBeTrue();
        (await play).End.ShouldBe(PlayEnd.Completed);
        rig.Other.Heard.Clear();
        rig.Join();
        rig.Run(500);
        rig.Other.Heard.Count.ShouldBeInRange(22, 27);
    }

    [Fact]
    public void A_call_that_closes_ends_the_bridge()
    {
        using var rig = new BridgeRig();
        var bridge = rig.Join();
        rig.Run(100);
        _ = rig.One.Session.DisposeAsync();
        rig.Step();
        rig.Step();
        bridge.Ended.IsCompletedSuccessfully.ShouldBeTrue();
        rig.Other.Heard.Clear();
        rig.Run(200);
        rig.Other.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prompt_to_one_leg_is_heard_instead_of_the_other()
    {
        using var rig = new BridgeRig();
        rig.Join();
        rig.One.Say(TestVoice.Speak(5000));
        rig.Run(1000);
        rig.Other.Heard.Clear();
        var play = rig.Other.Session.PlayAsync(Tone.Beep, DigitSet.None, CancellationToken.None);
        rig.Run(400);
        rig.Other.Heard.Count.ShouldBeInRange(19, 21);
        rig.Run(1000);
        play.IsCompleted.ShouldBeTrue();
        (await play).End.ShouldBe(PlayEnd.Completed);
        var beep = Tone.Beep.ToPcm().Samples;
        TestVoice.Likeness(rig.Other.Sound().AsSpan(0, 3200), beep.Span, 320).ShouldBeGreaterThan(0.99);
        rig.Other.Heard.Count.ShouldBeGreaterThan(60);
        var numbers = rig.Other.Heard.Select(p => p.Sequence).ToArray();
        numbers.Distinct().Count().ShouldBe(numbers.Length);
    }

    [Fact]
    public async Task What_one_says_can_be_recorded_meanwhile()
    {
        using var rig = new BridgeRig(VoiceCodec.Pcmu, VoiceCodec.Pcma);
        rig.Join();
        var sink = new Engine.MemorySink();
        var record = rig.One.Session.RecordAsync(sink, new RecordLimits { SilenceTimeout = null }, CancellationToken.None);
        rig.Step();
        rig.One.Say(TestVoice.Speak(3000));
        rig.Run(2000);
        _ = rig.One.Session.DisposeAsync();
        rig.Step();
        record.IsCompleted.ShouldBeTrue();
        (await record).Duration.TotalMilliseconds.ShouldBe(2000, 60);
        var said = new byte[15_000];
        G711.Encode(rig.One.Voice.AsSpan(0, 15_000), said, G711Law.Mu);
        sink.Audio.IndexOf(said).ShouldBeInRange(0, 400);
    }

    [Fact]
    public void A_call_has_one_bridge_at_a_time_and_none_to_itself()
    {
        using var rig = new BridgeRig();
        rig.Join();
        Should.Throw<InvalidOperationException>(() => rig.Join());
        Should.Throw<ArgumentException>(() => MediaBridge.Join(rig.One.Session, rig.One.Session));
    }

    [Theory]
    [InlineData(VoiceCodec.Pcmu)]
    [InlineData(VoiceCodec.Pcma)]
    public void A_running_bridge_allocates_nothing_per_packet(VoiceCodec other)
    {
        using var rig = new BridgeRig(VoiceCodec.Pcmu, other);
        rig.Join();
        rig.One.Discards = rig.Other.Discards = true;
        rig.One.Say(TestVoice.Speak(30_000));
        rig.Other.Say(TestVoice.Speak(30_000, seed: 2));
        rig.Run(10_000);
        AllocationMeter.Least(4, _ => rig.Run(4000)).ShouldBe(0);
    }

    private static short[] Narrow(short[] sound, int sampleRate) => Resampler.Convert(new PcmAudio(sound, sampleRate), 8000).Samples.ToArray();
}
