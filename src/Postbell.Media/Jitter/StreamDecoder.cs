using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Jitter;

/// <summary>Decodes the packets of one stream, whatever codecs it changes between, to one sample rate.</summary>
/// <param name="sampleRate">Rate of the result, 8000 or 16000.</param>
internal sealed class StreamDecoder(int sampleRate) : IDisposable
{
    private readonly IAudioDecoder?[] _decoders = new IAudioDecoder?[Enum.GetValues<VoiceCodec>().Length];
    private readonly StreamResampler _resampler = new();
    private readonly short[] _decoded = new short[IAudioDecoder.MaxSamples];
    private readonly short[] _result = new short[IAudioDecoder.MaxSamples * 2];
    private VoiceCodec _codec;

    /// <summary>Decodes a packet; empty when it is damaged. The result is valid until the next call.</summary>
    public ReadOnlySpan<short> Decode(VoiceCodec codec, ReadOnlySpan<byte> payload)
    {
        var decoder = Use(codec);
        return Convert(decoder.Decode(payload, _decoded), decoder.SampleRate);
    }

    /// <summary>What a lost packet said, as the following one repeats it or the codec itself makes it up; empty when neither can.</summary>
    /// <param name="codec">Codec of the following packet.</param>
    /// <param name="following">Payload of the packet right behind the lost one; empty when that is not there.</param>
    /// <param name="ticks">Length of the lost packet in 1/8000 s.</param>
    public ReadOnlySpan<short> Recover(VoiceCodec codec, ReadOnlySpan<byte> following, int ticks)
    {
        var decoder = Use(codec);
        var lost = _decoded.AsSpan(0, Math.Min(ticks * (decoder.SampleRate / 8000), _decoded.Length));
        var count = following.IsEmpty ? 0 : decoder.Recover(following, lost);
        return Convert(count > 0 ? count : decoder.Conceal(lost), decoder.SampleRate);
    }

    public void Dispose()
    {
        foreach (var decoder in _decoders)
        {
            decoder?.Dispose();
        }
    }

    private IAudioDecoder Use(VoiceCodec codec)
    {
        if (codec != _codec)
        {
            _codec = codec;
            _resampler.Reset();
        }

        return _decoders[(int)codec] ??= CodecSupport.CreateDecoder(codec);
    }

    private ReadOnlySpan<short> Convert(int count, int rate) =>
        _result.AsSpan(0, count == 0 ? 0 : _resampler.Convert(_decoded.AsSpan(0, count), rate, _result, sampleRate));
}
