namespace Postbell.Media.Codecs;

/// <summary>Encodes speech of 16 kHz mono as Opus.</summary>
internal sealed class OpusEncoder : IAudioEncoder
{
    /// <summary>Bits a second of wideband speech; more is not heard on a telephone.</summary>
    public const int SpeechBitRate = 24000;

    /// <summary>
    /// Bits a second when frames are repeated against loss. At the complexity of calls the library repeats none below 25,000 with the loss expected here, and
    /// says nothing of it.
    /// </summary>
    public const int RepeatingBitRate = 28000;

    /// <summary>Bits a second of speech in the telephone band.</summary>
    public const int NarrowBitRate = 16000;

    // On the engine thread many calls are served: at 10 of 10 an audio second costs more than twice the work (bench/codec_cost.py) and prompts sound the same.
    private const int LiveComplexity = 3;
    private const int FileComplexity = 10;
    private const int ExpectedLossPercent = 5;

    private readonly OpusEncoderHandle _state = new(VoiceCodecFacts.WideRate);

    private OpusEncoder(OpusParameters wishes, int complexity)
    {
        if (_state.IsInvalid)
        {
            return;
        }

        var bitRate = wishes.ForwardCorrection ? RepeatingBitRate : SpeechBitRate;
        _ = OpusLibrary.Set(_state, OpusLibrary.SetBitRate, Math.Min(bitRate, wishes.MaxAverageBitRate ?? bitRate));
        _ = OpusLibrary.Set(_state, OpusLibrary.SetVariableBitRate, wishes.ConstantBitRate ? 0 : 1);
        _ = OpusLibrary.Set(_state, OpusLibrary.SetSignal, OpusLibrary.Voice);
        _ = OpusLibrary.Set(_state, OpusLibrary.SetComplexity, complexity);
        _ = OpusLibrary.Set(_state, OpusLibrary.SetForwardCorrection, wishes.ForwardCorrection ? 1 : 0);
        _ = OpusLibrary.Set(_state, OpusLibrary.SetDiscontinuous, wishes.Discontinuous ? 1 : 0);
        _ = OpusLibrary.Set(_state, OpusLibrary.SetExpectedLoss, wishes.ForwardCorrection ? ExpectedLossPercent : 0);
    }

    public int SampleRate => VoiceCodecFacts.WideRate;

    /// <summary>Packets of so many bytes say that nobody speaks and need not be sent.</summary>
    public const int LongestOfSilence = 2;

    /// <summary>Samples at the beginning of the decoded audio that come before what was encoded.</summary>
    public int Lookahead => OpusLibrary.Lookahead(_state);

    public static OpusEncoder ForCall(OpusParameters wishes) => new(wishes, LiveComplexity);

    public static OpusEncoder ForFile(int bitRate) => new(new OpusParameters { MaxAverageBitRate = bitRate }, FileComplexity);

    public unsafe int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        if (!IsFrame(samples.Length) || payload.IsEmpty || _state.IsInvalid)
        {
            return 0;
        }

        fixed (short* input = samples)
        fixed (byte* packet = payload)
        {
            return Math.Max(0, OpusLibrary.Encode(_state, input, samples.Length, packet, payload.Length));
        }
    }

    public void Dispose() => _state.Dispose();

    /// <summary>10, 20, 40 or 60 ms.</summary>
    private static bool IsFrame(int samples) => samples is 160 or 320 or 640 or 960;
}
