namespace Postbell.Media.Codecs;

/// <summary>Encodes G.722 at 64 kbit/s: two samples become a byte.</summary>
internal sealed class G722Encoder : IAudioEncoder
{
    private readonly G722EncoderHandle _state = new();

    public int SampleRate => VoiceCodecFacts.WideRate;

    public unsafe int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        // An odd sample would wait in the library for its fellow and shift all that follows.
        if (samples.IsEmpty || samples.Length % 2 != 0 || samples.Length / 2 > payload.Length || _state.IsInvalid)
        {
            return 0;
        }

        fixed (short* input = samples)
        fixed (byte* codes = payload)
        {
            return SpandspLibrary.Encode(_state, codes, input, samples.Length);
        }
    }

    public void Dispose() => _state.Dispose();
}
