using System.Runtime.InteropServices;

namespace Postbell.Media.Codecs;

/// <summary>The Opus library (Debian: libopus0), loaded when first asked for.</summary>
internal static partial class OpusLibrary
{
    public const string Name = "libopus.so.0";

    public const int SetBitRate = 4002;
    public const int SetComplexity = 4010;
    public const int SetVariableBitRate = 4006;
    public const int SetForwardCorrection = 4012;
    public const int SetExpectedLoss = 4014;
    public const int SetDiscontinuous = 4016;
    public const int SetSignal = 4024;
    public const int Voice = 3001;

    private const int VoiceOverIp = 2048;
    private const int GetLookahead = 4027;

    private static readonly Lazy<bool> s_isAvailable = new(static () => Environment.Is64BitProcess && NativeLibrary.TryLoad(Name, out _));

    public static bool IsAvailable => s_isAvailable.Value;

    public static unsafe nint CreateDecoder(int sampleRate)
    {
        int error;
        return InitDecoder(sampleRate, 1, &error);
    }

    public static unsafe nint CreateEncoder(int sampleRate)
    {
        int error;
        return InitEncoder(sampleRate, 1, VoiceOverIp, &error);
    }

    /// <summary>Samples by which what comes out of the decoder lags behind what went in here.</summary>
    public static unsafe int Lookahead(OpusEncoderHandle encoder)
    {
        int samples;
        return Get(encoder, GetLookahead, &samples) == 0 ? samples : 0;
    }

    [LibraryImport(Name, EntryPoint = "opus_decoder_destroy")]
    public static partial void FreeDecoder(nint state);

    [LibraryImport(Name, EntryPoint = "opus_encoder_destroy")]
    public static partial void FreeEncoder(nint state);

    [LibraryImport(Name, EntryPoint = "opus_decode")]
    public static unsafe partial int Decode(OpusDecoderHandle state, byte* payload, int length, short* samples, int frameSize, int recover);

    [LibraryImport(Name, EntryPoint = "opus_encode")]
    public static unsafe partial int Encode(OpusEncoderHandle state, short* samples, int frameSize, byte* payload, int maxBytes);

    // Declared variadic in C: with one integer argument 64-bit Linux passes it the same way.
    [LibraryImport(Name, EntryPoint = "opus_encoder_ctl")]
    public static partial int Set(OpusEncoderHandle state, int request, int value);

    [LibraryImport(Name, EntryPoint = "opus_encoder_ctl")]
    private static unsafe partial int Get(OpusEncoderHandle state, int request, int* value);

    [LibraryImport(Name, EntryPoint = "opus_decoder_create")]
    private static unsafe partial nint InitDecoder(int sampleRate, int channels, int* error);

    [LibraryImport(Name, EntryPoint = "opus_encoder_create")]
    private static unsafe partial nint InitEncoder(int sampleRate, int channels, int application, int* error);
}
