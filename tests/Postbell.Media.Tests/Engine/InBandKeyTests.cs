using Postbell.Media.Codecs;
using Postbell.Media.Sdp;
using Postbell.Media.Tests.Tones;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Engine;

/// <summary>Keys of a peer that has no telephone-events, pressed as sound.</summary>
public sealed class InBandKeyTests
{
    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public async Task A_key_in_the_sound_ends_the_recording_and_later_ones_wait_in_the_queue(G711Law law)
    {
        using var rig = Start(law);
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = null }, CancellationToken.None);
        await Send(rig, [.. new short[8000], .. DtmfDetectorTests.Press('#', 100), .. new short[800]], law);
        (await record).Digit.ShouldBe('#');
        await Send(rig, [.. DtmfDetectorTests.Press('1', 80), .. new short[800], .. DtmfDetectorTests.Press('1', 80), .. new short[800]], law);
        for (var i = 0; i < 2; i++)
        {
            (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(1), CancellationToken.None))).ShouldBe('1');
        }

        (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(1), CancellationToken.None))).ShouldBeNull();
        rig.Events.Digits.Select(d => d.Digit).ShouldBe(['#', '1', '1']);
        rig.Events.Digits.ShouldAllBe(d => d.DurationMs > 60 && d.DurationMs < 120);
    }

    [Fact]
    public async Task A_playback_is_interrupted()
    {
        using var rig = Start();
        var play = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(30)), DigitSet.Any, CancellationToken.None);
        await Send(rig, DtmfDetectorTests.Press('4', 100), G711Law.Mu);
        (await rig.RunUntil(play)).Digit.ShouldBe('4');
    }

    [Fact]
    public void A_press_counts_once_when_packets_of_it_get_lost_come_twice_or_in_another_order()
    {
        using var rig = Start();
        var random = new Random(5);
        var expected = "";
        for (var press = 0; press < 40; press++)
        {
            var key = "1234567890*#"[random.Next(12)];
            expected += key;
            short[] sound = [.. DtmfDetectorTests.Press(key, 200), .. new short[1600]];
            var packets = Enumerable.Range(0, sound.Length / 160).Select(i => rig.Peer.Prepare(Encode(sound.AsSpan(i * 160, 160)))).ToList();
            packets.RemoveAt(random.Next(4, 8));
            packets.Insert(5, packets[5]);
            (packets[2], packets[3]) = (packets[3], packets[2]);
            foreach (var packet in packets)
            {
                rig.Peer.Send(packet);
                rig.Run(20);
            }
        }

        rig.Run(500);
        string.Concat(rig.Events.Digits.Select(d => d.Digit)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_peer_with_telephone_events_is_not_listened_to()
    {
        using var rig = new EngineRig().Start();
        await Send(rig, [.. DtmfDetectorTests.Press('#', 200), .. new short[800]], G711Law.Mu);
        rig.Events.Digits.ShouldBeEmpty();
    }

    [Fact]
    public void Listening_allocates_nothing_per_packet()
    {
        using var rig = Start();
        var key = Encode(DtmfDetectorTests.Press('6', 100)).Chunk(160).ToArray();
        var quiet = Encode(new short[160]);
        void Pass(int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                rig.Peer.Audio(i % 25 < 5 ? key[i % 25] : quiet);
                rig.Run(20);
            }
        }

        Pass(1000);
        rig.Session.ClearDigits();
        rig.Run(20);
        rig.Events.Digits.Capacity = 1000;
        AllocationMeter.Least(4, _ => Pass(250)).ShouldBe(0);
        rig.Events.Digits.Count.ShouldBe(80);
    }

    private static byte[] Encode(ReadOnlySpan<short> samples, G711Law law = G711Law.Mu)
    {
        var codes = new byte[samples.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = G711.Encode(samples[i], law);
        }

        return codes;
    }

    private static Task Send(EngineRig rig, short[] sound, G711Law law)
    {
        for (var i = 0; i + 160 <= sound.Length; i += 160)
        {
            rig.Peer.Audio(Encode(sound.AsSpan(i, 160), law), law == G711Law.A ? (byte)8 : (byte)0);
            rig.Run(20);
        }

        return Task.CompletedTask;
    }

    private static EngineRig Start(G711Law law = G711Law.Mu)
    {
        var rig = new EngineRig();
        rig.Session.Start(EngineRig.Agreed(rig.Peer.Rtp.Local, law) with { TelephoneEventPayloadType = null }, symmetric: false);
        rig.Engine.Step();
        return rig;
    }
}
