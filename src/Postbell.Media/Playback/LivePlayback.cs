using Postbell.Media.Codecs;

namespace Postbell.Media.Playback;

/// <summary>A changed playback: its sound is made packet by packet, and companded where the call is of G.711. Positions are ticks of 1/8000 s.</summary>
internal sealed class LivePlayback
{
    private const int LongestPacketMs = 60;

    private readonly LiveSound _sound;
    private readonly int _samplesPerTick;
    private readonly short[] _samples;
    private readonly G711Law _law;

    /// <summary>Goes on at a tick.</summary>
    /// <param name="source">The clips, at the sample rate of the call.</param>
    /// <param name="law">Law of the call; null when who sends encodes.</param>
    /// <param name="tick">Where.</param>
    /// <param name="gain">Gain of what was heard before; 0 when nothing was and nothing shall be yet.</param>
    public LivePlayback(ClipSamples source, G711Law? law, long tick, float gain)
    {
        _samplesPerTick = source.SampleRate / G711.SampleRate;
        _sound = new LiveSound(source, tick * _samplesPerTick, gain);
        _samples = new short[source.SampleRate / 1000 * LongestPacketMs];
        _law = law ?? default;
    }

    public bool IsOver => _sound.IsOver;

    public bool IsSilent => _sound.IsSilent;

    public long Position => _sound.Position / _samplesPerTick;

    public void Change(PlaybackControl.Wishes wishes) => _sound.Change(wishes.Speed, wishes.VolumeDb, wishes.IsPaused);

    public void Jump(long tick) => _sound.Jump(tick * _samplesPerTick);

    /// <summary>Makes a packet of G.711.</summary>
    public void Fill(Span<byte> payload)
    {
        var samples = _samples.AsSpan(0, payload.Length);
        _sound.Fill(samples);
        G711.Encode(samples, payload, _law);
    }

    /// <summary>Makes linear audio, to be encoded.</summary>
    public void Fill(Span<short> samples) => _sound.Fill(samples);
}
