namespace Postbell.Media.Codecs;

/// <summary>Decodes G.722 at 64 kbit/s: every byte is two samples, so any payload is a valid one.</summary>
internal sealed class G722Decoder : IAudioDecoder
{
    private readonly G722DecoderHandle _state = new();

    public int SampleRate => VoiceCodecFacts.WideRate;

    public unsafe int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.IsEmpty || payload.Length * 2 > samples.Length || _state.IsInvalid)
        {
            return 0;
        }

        fixed (byte* codes = payload)
        fixed (short* output = samples)
        {
            return SpandspLibrary.Decode(_state, output, codes, payload.Length);
        }
    }

    public int Recover(ReadOnlySpan<byte> next, Span<short> samples) => 0;

    public int Conceal(Span<short> samples) => 0;

    public void Dispose() => _state.Dispose();
}
