namespace Postbell.Media.Codecs;

/// <summary>Decodes Opus to 16 kHz mono, whatever bandwidth and channels the peer sends.</summary>
internal sealed class OpusDecoder : IAudioDecoder
{
    private const int SamplesPerUnit = VoiceCodecFacts.WideRate / 400;

    // The library makes up for at most 120 ms at once, in steps of 2.5 ms.
    private const int MaxConcealed = 48 * SamplesPerUnit;

    private readonly OpusDecoderHandle _state = new(VoiceCodecFacts.WideRate);

    public int SampleRate => VoiceCodecFacts.WideRate;

    public unsafe int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        var count = OpusPacket.Units(payload) * SamplesPerUnit;
        if (count == 0 || count > samples.Length || _state.IsInvalid)
        {
            return 0;
        }

        fixed (byte* packet = payload)
        fixed (short* output = samples)
        {
            return Math.Max(0, OpusLibrary.Decode(_state, packet, payload.Length, output, count, recover: 0));
        }
    }

    public unsafe int Recover(ReadOnlySpan<byte> next, Span<short> samples)
    {
        if (OpusPacket.Units(next) == 0 || !IsWhole(samples.Length))
        {
            return 0;
        }

        fixed (byte* packet = next)
        fixed (short* output = samples)
        {
            return Math.Max(0, OpusLibrary.Decode(_state, packet, next.Length, output, samples.Length, recover: 1));
        }
    }

    public unsafe int Conceal(Span<short> samples)
    {
        if (!IsWhole(samples.Length))
        {
            return 0;
        }

        fixed (short* output = samples)
        {
            return Math.Max(0, OpusLibrary.Decode(_state, null, 0, output, samples.Length, recover: 0));
        }
    }

    public void Dispose() => _state.Dispose();

    private bool IsWhole(int samples) => samples is > 0 and <= MaxConcealed && samples % SamplesPerUnit == 0 && !_state.IsInvalid;
}
