using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Playback;

/// <summary>A changed playback in the codec of the call: its sound is made and encoded packet by packet. Positions are ticks of 1/8000 s.</summary>
internal sealed class LivePlayback : IDisposable
{
    private const int LongestPacketMs = 60;

    private readonly LiveSound _sound;
    private readonly int _samplesPerTick;
    private readonly short[] _samples;
    private readonly IAudioEncoder? _encoder;
    private readonly G711Law? _law;

    /// <summary>Goes on at a tick.</summary>
    /// <param name="source">The clips, at the sample rate of the codec.</param>
    /// <param name="codec">Codec of the call.</param>
    /// <param name="tick">Where.</param>
    /// <param name="gain">Gain of what was heard before; 0 when nothing was and nothing shall be yet.</param>
    public LivePlayback(ClipSamples source, VoiceCodec codec, long tick, float gain)
    {
        _samplesPerTick = source.SampleRate / G711.SampleRate;
        _sound = new LiveSound(source, tick * _samplesPerTick, gain);
        _samples = new short[source.SampleRate / 1000 * LongestPacketMs];
        _law = codec.LawOf();

        // Opus is encoded by who sends, in the stream of the call.
        _encoder = codec == VoiceCodec.G722 ? CodecSupport.CreateEncoder(codec, OpusParameters.Default) : null;
    }

    public bool IsOver => _sound.IsOver;

    public bool IsSilent => _sound.IsSilent;

    public long Position => _sound.Position / _samplesPerTick;

    public void Change(PlaybackControl.Wishes wishes) => _sound.Change(wishes.Speed, wishes.VolumeDb, wishes.IsPaused);

    public void Jump(long tick) => _sound.Jump(tick * _samplesPerTick);

    /// <summary>Makes a packet of a codec with one byte a tick.</summary>
    public void Fill(Span<byte> payload)
    {
        var samples = _samples.AsSpan(0, payload.Length * _samplesPerTick);
        _sound.Fill(samples);
        if (_law is { } law)
        {
            G711.Encode(samples, payload, law);
        }
        else
        {
            payload[_encoder!.Encode(samples, payload)..].Fill(CodecSilence.Byte(VoiceCodec.G722));
        }
    }

    /// <summary>Makes linear audio, to be encoded.</summary>
    public void Fill(Span<short> samples) => _sound.Fill(samples);

    public void Dispose() => _encoder?.Dispose();
}
