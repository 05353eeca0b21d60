using Postbell.Media.Codecs;

namespace Postbell.Media.Tests.Engine;

/// <summary>A peer that suppresses silence: its pauses sound as it says its line does, and take their time.</summary>
public sealed class ComfortNoiseRecordingTests
{
    private const byte ComfortNoise = 13;

    [Theory]
    [InlineData(50, 90, 125)]
    [InlineData(60, 25, 45)]
    public async Task A_pause_sounds_as_loud_as_the_peer_says(byte minusDb, double least, double most)
    {
        var (audio, _) = await Record([minusDb, 10, 20]);
        var pause = new short[6_400];
        G711.Decode(audio.AsSpan(8_800, 6_400), pause, G711Law.Mu);
        Voice.Rms(pause).ShouldBeInRange(least, most);
    }

    [Fact]
    public async Task Nothing_in_the_packet_means_nothing_to_hear()
    {
        var (audio, _) = await Record([]);
        audio.AsSpan(8_800, 6_400).ContainsAnyExcept((byte)0xFF).ShouldBeFalse();
    }

    [Fact]
    public async Task The_time_line_holds_and_the_voice_goes_on_in_its_place()
    {
        var (audio, result) = await Record([50]);
        result.Duration.ShouldBe(TimeSpan.FromSeconds(2.9));
        result.SpeechDuration.ShouldBeInRange(TimeSpan.FromSeconds(1.7), TimeSpan.FromSeconds(2));
        audio.AsSpan(0, 8_000).SequenceEqual(FakePeer.Tone(8_000)).ShouldBeTrue();
        audio.AsSpan(16_000, 7_200).SequenceEqual(FakePeer.Tone(7_200, offset: 16_000)).ShouldBeTrue();
    }

    // A second of sound, a second of pause that begins with a comfort noise packet, sound again.
    private static async Task<(byte[] Audio, RecordResult Result)> Record(byte[] noise)
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = null, MaxDuration = TimeSpan.FromSeconds(2.9) }, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if (frame is >= 50 and < 100)
            {
                if (frame == 50)
                {
                    rig.Peer.Send(rig.Peer.Packet(noise, ComfortNoise));
                }

                rig.Peer.Timestamp += 160;
                return;
            }

            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        };
        var result = await rig.RunUntil(record);
        return (rig.Sink.Audio.ToArray(), result);
    }
}
