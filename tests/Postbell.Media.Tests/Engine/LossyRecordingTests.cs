using Postbell.Media.Codecs;

namespace Postbell.Media.Tests.Engine;

/// <summary>Recordings over bad networks: each packet that came stands where it was said, unaltered; the others are concealed.</summary>
public sealed class LossyRecordingTests
{
    private static readonly RecordLimits s_noSilence = new() { SilenceTimeout = null };

    [Theory]
    [InlineData(1, 0.01, 1, 5, G711Law.Mu, 0.98)]
    [InlineData(2, 0.05, 1, 15, G711Law.A, 0.95)]
    [InlineData(3, 0.10, 1, 40, G711Law.Mu, 0.92)]
    [InlineData(4, 0.02, 3, 60, G711Law.Mu, 0.92)]
    [InlineData(5, 0, 1, 80, G711Law.A, 0.9999)]
    public async Task What_came_is_unaltered_and_in_its_place_and_the_rest_is_concealed(int seed, double loss, int burst, double jitter, G711Law law, double alike)
    {
        var link = new LossyLink(seed) { Loss = loss, BurstLength = burst, Duplicates = 0.03, JitterMs = jitter };
        var voice = TestVoice.SpeakCoded(20_000, law, pauses: false);
        var (recorded, _) = await Record(link, voice, law);
        recorded.Length.ShouldBeInRange(voice.Length - 800, voice.Length + 800);
        for (var frame = 0; frame < 990; frame++)
        {
            if (!link.Lost.Contains(frame))
            {
                recorded.AsSpan(frame * 160, 160).SequenceEqual(voice.AsSpan(frame * 160, 160)).ShouldBeTrue($"frame {frame} was altered");
            }
        }

        TestVoice.Correlation(Decode(recorded.AsSpan(0, 158_000), law), Decode(voice.AsSpan(0, 158_000), law)).ShouldBeGreaterThan(alike);
        var concealed = link.Lost.Where(f => f is > 5 and < 980 && !link.Lost.Contains(f - 1)).ToArray();
        concealed.Sum(f => TestVoice.Level(Decode(recorded.AsSpan(f * 160, 80), law)))
            .ShouldBeGreaterThanOrEqualTo(concealed.Sum(f => TestVoice.Level(Decode(voice.AsSpan(f * 160, 80), law))) / 2);
    }

    [Fact]
    public async Task A_long_loss_becomes_silence_after_60_ms()
    {
        var link = new LossyLink(1) { Loss = 0.005, BurstLength = 20 };
        var voice = TestVoice.SpeakCoded(20_000, pauses: false);
        var (recorded, _) = await Record(link, voice, G711Law.Mu);
        var gap = link.Lost.First(f => f > 5 && !link.Lost.Contains(f - 1) && Enumerable.Range(f, 20).All(link.Lost.Contains) && !link.Lost.Contains(f + 20));
        TestVoice.Level(Decode(recorded.AsSpan(gap * 160, 80), G711Law.Mu)).ShouldBeGreaterThan(200);
        recorded.AsSpan((gap * 160) + 480, 3200 - 480).ContainsAnyExcept(G711.SilenceByte(G711Law.Mu)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_pause_that_the_sender_makes_is_no_loss()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if (frame is >= 50 and < 60)
            {
                rig.Peer.Timestamp += 160;
                return;
            }

            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        };
        rig.Run(2000);
        rig.Peer.Press('#');
        await rig.RunUntil(record);
        rig.Sink.Audio[8000..9600].ContainsAnyExcept(G711.SilenceByte(G711Law.Mu)).ShouldBeFalse();
        rig.Sink.Audio[9600..16000].SequenceEqual(FakePeer.Tone(6400, offset: 9600)).ShouldBeTrue();
    }

    private static async Task<(byte[] Audio, RecordResult Result)> Record(LossyLink link, byte[] voice, G711Law law)
    {
        using var rig = new EngineRig().Start(law: law);
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        for (var tick = 0; tick * 2.5 < (voice.Length / 8) + 80; tick++)
        {
            if (tick % 8 == 0 && tick / 8 * 160 < voice.Length)
            {
                link.Enter(rig.Peer.Prepare(voice.AsSpan(tick / 8 * 160, 160), law == G711Law.A ? (byte)8 : (byte)0), tick * 2.5);
            }

            link.Leave(tick * 2.5, rig.Peer.Send);
            rig.Tick();
        }

        _ = rig.Session.DisposeAsync();
        var result = await rig.RunUntil(record);
        return (rig.Sink.Audio.ToArray(), result);
    }

    private static short[] Decode(ReadOnlySpan<byte> codes, G711Law law)
    {
        var samples = new short[codes.Length];
        G711.Decode(codes, samples, law);
        return samples;
    }
}
