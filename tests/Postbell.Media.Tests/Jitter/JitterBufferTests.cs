using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Jitter;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Jitter;

public sealed class JitterBufferTests
{
    [Fact]
    public void A_calm_network_is_heard_as_it_was_said_with_little_delay()
    {
        using var rig = new JitterRig(new LossyLink(1));
        var voice = TestVoice.Speak(20_000);
        var heard = rig.Run(voice);
        TestVoice.Likeness(heard.AsSpan(32_000), voice.AsSpan(32_000), 800).ShouldBeGreaterThan(0.99);
        rig.Buffer.Statistics.DelayMs.ShouldBeLessThanOrEqualTo(40);
        rig.Buffer.Statistics.ConcealedMs.ShouldBe(0);
        rig.Buffer.Statistics.Late.ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 0, 30, 0, 0.95)]
    [InlineData(2, 0.01, 60, 0.01, 0.93)]
    [InlineData(3, 0.05, 20, 0.05, 0.90)]
    [InlineData(4, 0.03, 100, 0.03, 0.88)]
    public void A_bad_network_is_understood(int seed, double loss, double jitter, double duplicates, double alike)
    {
        using var rig = new JitterRig(new LossyLink(seed) { Loss = loss, JitterMs = jitter, Duplicates = duplicates });
        var voice = TestVoice.Speak(30_000);
        var heard = rig.Run(voice);
        TestVoice.Likeness(heard.AsSpan(40_000), voice.AsSpan(40_000), 1600).ShouldBeGreaterThan(alike);
        rig.Buffer.Statistics.TargetMs.ShouldBeInRange(10, (int)jitter + 30);
        rig.Buffer.Statistics.ConcealedMs.ShouldBeLessThan((long)(30_000 * loss * 1.6) + 600);
    }

    [Fact]
    public void The_delay_grows_at_once_and_shrinks_slowly_when_the_network_calms_down()
    {
        var link = new LossyLink(1) { JitterMs = 120 };
        using var rig = new JitterRig(link);
        rig.Run(TestVoice.Speak(4000));
        rig.Buffer.Statistics.TargetMs.ShouldBeGreaterThan(80);
        var concealed = rig.Buffer.Statistics.ConcealedMs;
        rig.Run(TestVoice.Speak(6000));
        (rig.Buffer.Statistics.ConcealedMs - concealed).ShouldBeLessThan(300);
        link.JitterMs = 2;
        rig.Run(TestVoice.Speak(1000));
        rig.Buffer.Statistics.TargetMs.ShouldBeGreaterThan(60);
        rig.Run(TestVoice.Speak(40_000));
        rig.Buffer.Statistics.TargetMs.ShouldBeLessThan(25);
        rig.Buffer.Statistics.DelayMs.ShouldBeLessThan(65);
        rig.Buffer.Statistics.RemovedMs.ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData(200, true, 10)]
    [InlineData(-200, true, 10)]
    [InlineData(200, false, 5)]
    [InlineData(-200, false, 5)]
    public void Clocks_that_run_apart_neither_fill_the_buffer_nor_run_it_dry(int ppm, bool pauses, int minutes)
    {
        using var rig = new JitterRig(new LossyLink(1) { JitterMs = 8 }) { DriftPpm = ppm };
        var voice = TestVoice.Speak(minutes * 60_000, pauses: pauses);
        var heard = rig.Run(voice);
        rig.DelaysMs.Skip(500).Max().ShouldBeLessThan(75);
        rig.Buffer.Statistics.Overflowed.ShouldBe(0);

        // 200 ppm of ten minutes are 120 ms; one packet of 200 may be a little late.
        rig.Buffer.Statistics.ConcealedMs.ShouldBeLessThan(200 * minutes);
        var late = 8000 * ((minutes * 60) - 50);
        var tail = heard.AsSpan(late, 8000 * 40);

        // By then the sender is 50 or 110 ms ahead or behind.
        TestVoice.Likeness(tail, voice.AsSpan(late + 1200, 8000 * 40), 2800).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void A_changed_source_and_a_jump_of_timestamps_go_on_without_a_hole()
    {
        using var rig = new JitterRig(new LossyLink(1));
        var voice = TestVoice.Speak(12_000, pauses: false);
        rig.Run(voice[..32_000]);
        rig.Buffer.StreamChanged();
        rig.Sequence = 4711;
        rig.Timestamp = 123_456_789;
        rig.Run(voice[32_000..64_000]);
        rig.Timestamp += 10_000_000;
        var heard = rig.Run(voice[64_000..]);
        rig.Buffer.Statistics.ConcealedMs.ShouldBeLessThan(60);
        heard.AsSpan(8000).ToArray().Chunk(160).Count(c => TestVoice.Level(c) < 50).ShouldBeLessThanOrEqualTo(4);
        rig.Buffer.Statistics.DelayMs.ShouldBeLessThan(80);
    }

    [Fact]
    public void A_pause_of_the_sender_is_comfort_noise_and_the_next_word_comes_whole()
    {
        using var rig = new JitterRig(new LossyLink(1) { JitterMs = 10 }) { Sends = packet => packet % 100 < 50 };
        var voice = TestVoice.Speak(12_000, pauses: false);
        var heard = rig.Run(voice);
        rig.Buffer.Statistics.ConcealedMs.ShouldBeLessThan(6 * 520);

        // The words, without the pauses.
        for (var word = 2; word < 5; word++)
        {
            var from = (word * 16_000) + 1600;
            TestVoice.Likeness(heard.AsSpan(from - 800, 5600), voice.AsSpan(from - 800, 5600), 800).ShouldBeGreaterThan(0.75);
            TestVoice.Level(heard.AsSpan((word * 16_000) + 11_000, 3000)).ShouldBeLessThan(330);
        }
    }

    [Fact]
    public void Comfort_noise_packets_set_the_level_of_the_pause_and_are_no_loss()
    {
        using var buffer = new JitterBuffer(8000, new JitterOptions(), 1);
        var sound = new short[160];
        var code = TestVoice.SpeakCoded(1000, pauses: false);
        var loud = 0.0;
        for (var i = 0; i < 200; i++)
        {
            var now = i * 20_000_000L;
            if (i < 50)
            {
                buffer.Insert(VoiceCodec.Pcmu, (ushort)i, (uint)(i * 160), code.AsSpan(i * 160, 160), now);
            }
            else if (i % 10 == 0)
            {
                buffer.Insert(null, (ushort)(50 + ((i - 50) / 10)), (uint)(i * 160), [50], now);
            }

            buffer.Pull(sound, now);
            loud = i > 80 ? Math.Max(loud, TestVoice.Level(sound)) : 0;
        }

        loud.ShouldBeInRange(60, 200);
        buffer.Statistics.ConcealedMs.ShouldBeLessThan(60);
    }

    [Fact]
    public void Packets_that_were_only_late_are_still_played()
    {
        using var rig = new JitterRig(new LossyLink(6)) { Stalls = now => now % 2000 > 1900 };
        var voice = TestVoice.Speak(20_000, pauses: false);
        var heard = rig.Run(voice);
        rig.Buffer.Statistics.Late.ShouldBe(0);
        rig.Buffer.Statistics.ConcealedMs.ShouldBeLessThan(300);
        TestVoice.Likeness(heard.AsSpan(24_000), voice.AsSpan(24_000), 1600).ShouldBeGreaterThan(0.8);
    }

    [Fact]
    public void Single_packets_that_come_80_ms_late_again_and_again_are_waited_for()
    {
        // One in 250, five seconds apart: no quantile of what came in the last seconds sees them.
        var link = new LossyLink(1) { JitterMs = 4 };
        using var rig = new JitterRig(link);
        rig.Late = packet => packet % 250 == 200 ? 80 : 0;
        rig.Run(TestVoice.Speak(20_000, pauses: false));
        var concealed = rig.Buffer.Statistics.ConcealedMs;
        var voice = TestVoice.Speak(60_000, pauses: false);
        rig.Run(voice);
        (rig.Buffer.Statistics.ConcealedMs - concealed).ShouldBeLessThan(60, "of twelve such packets");
        rig.Buffer.Statistics.TargetMs.ShouldBeInRange(75, 100);

        // Once they are gone the delay is as short as before.
        rig.Late = null;
        rig.Run(TestVoice.Speak(40_000));
        rig.Buffer.Statistics.TargetMs.ShouldBeLessThan(25);
    }

    [Fact]
    public void For_a_single_late_packet_nobody_waits_longer_for_good()
    {
        using var rig = new JitterRig(new LossyLink(1) { JitterMs = 4 });
        rig.Late = packet => packet == 200 ? 80 : 0;
        rig.Run(TestVoice.Speak(20_000));
        rig.Buffer.Statistics.TargetMs.ShouldBeLessThan(25);
    }

    [Fact]
    public void A_flood_stays_within_bounds()
    {
        using var buffer = new JitterBuffer(8000, new JitterOptions(), 1);
        var payload = new byte[160];
        var sound = new short[160];
        for (var i = 0; i < 20_000; i++)
        {
            buffer.Insert(VoiceCodec.Pcmu, (ushort)i, (uint)(i * 160), payload, (i / 100) * 20_000_000L);
            if (i % 100 == 0)
            {
                buffer.Pull(sound, (i / 100) * 20_000_000L);
            }
        }

        buffer.Statistics.Overflowed.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Nothing_a_peer_sends_makes_it_throw()
    {
        var random = new Random(3);
        using var buffer = new JitterBuffer(8000, new JitterOptions(), 1);
        var payload = new byte[1600];
        var sound = new short[480];
        var now = 0L;
        for (var i = 0; i < 30_000; i++)
        {
            random.NextBytes(payload);
            now += random.Next(40_000_000);
            VoiceCodec? codec = random.Next(4) == 0 ? null : random.Next(2) == 0 ? VoiceCodec.Pcmu : VoiceCodec.Pcma;
            var timestamp = random.Next(3) == 0 ? (uint)random.Next() : (uint)(i * 160);
            buffer.Insert(codec, (ushort)(random.Next(5) == 0 ? random.Next() : i), timestamp, payload.AsSpan(0, random.Next(1601)), now);
            if (random.Next(2) == 0)
            {
                buffer.Pull(sound.AsSpan(0, 80 * random.Next(1, 7)), now);
            }

            if (random.Next(100) == 0)
            {
                buffer.StreamChanged();
            }
        }
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public void Wideband_goes_the_same_way(VoiceCodec codec)
    {
        Assert.SkipUnless(codec.IsAvailable(), $"{codec.Library()} is not installed");
        using var rig = new JitterRig(new LossyLink(2) { Loss = 0.02, JitterMs = 30 }, codec: codec);
        var voice = TestVoice.Speak(10_000, 16_000);
        var heard = rig.Run(voice);
        TestVoice.Likeness(heard.AsSpan(64_000), voice.AsSpan(64_000), 2400, 1600).ShouldBeGreaterThan(0.8);
    }

    [Fact]
    public void Once_it_runs_it_allocates_nothing()
    {
        using var buffer = new JitterBuffer(8000, new JitterOptions(), 1);
        var sound = new short[160];
        var code = TestVoice.SpeakCoded(2000);
        var i = 0;
        void Pass(int packets)
        {
            for (var end = i + packets; i < end; i++)
            {
                var late = i % 37 == 0 ? 3 : 0;
                if (i % 41 != 0)
                {
                    buffer.Insert(VoiceCodec.Pcmu, (ushort)i, (uint)(i * 160), code.AsSpan(i % 100 * 160, 160), (i + late) * 20_000_000L);
                }

                buffer.Pull(sound, i * 20_000_000L);
            }
        }

        Pass(1000);
        AllocationMeter.Least(4, _ => Pass(500)).ShouldBe(0);
    }
}
