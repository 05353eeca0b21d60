namespace Postbell.Media.Codecs;

/// <summary>G.711 as a stream codec, for what must treat all codecs alike. Holds nothing.</summary>
internal sealed class G711Stream(G711Law law) : IAudioDecoder, IAudioEncoder
{
    int IAudioDecoder.SampleRate => G711.SampleRate;

    int IAudioEncoder.SampleRate => G711.SampleRate;

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.Length > samples.Length)
        {
            return 0;
        }

        G711.Decode(payload, samples, law);
        return payload.Length;
    }

    public int Recover(ReadOnlySpan<byte> next, Span<short> samples) => 0;

    public int Conceal(Span<short> samples) => 0;

    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        if (samples.Length > payload.Length)
        {
            return 0;
        }

        G711.Encode(samples, payload, law);
        return samples.Length;
    }

    public void Dispose()
    {
    }
}
