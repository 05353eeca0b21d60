using Postbell.Core;

namespace Postbell.Media.Codecs;

/// <summary>What is fixed about each codec.</summary>
public static class VoiceCodecFacts
{
    /// <summary>Sample rate of the linear audio that wideband codecs are decoded to and encoded from.</summary>
    public const int WideRate = 16000;

    /// <summary>Name in descriptions, compared without case.</summary>
    public static string Name(this VoiceCodec codec) => codec switch
    {
        VoiceCodec.Pcmu => "PCMU",
        VoiceCodec.Pcma => "PCMA",
        VoiceCodec.G722 => "G722",
        _ => "opus",
    };

    /// <summary>RTP timestamp units per second.</summary>
    public static int ClockRate(this VoiceCodec codec) => codec == VoiceCodec.Opus ? 48000 : 8000;

    /// <summary>Channels that descriptions name; Opus names two whatever is sent (RFC 7587, 7).</summary>
    public static int Channels(this VoiceCodec codec) => codec == VoiceCodec.Opus ? 2 : 1;

    /// <summary>Payload type that needs no mapping (RFC 3551, table 4); null when it has none.</summary>
    public static byte? StaticPayloadType(this VoiceCodec codec) => codec switch
    {
        VoiceCodec.Pcmu => 0,
        VoiceCodec.Pcma => 8,
        VoiceCodec.G722 => 9,
        _ => null,
    };

    /// <summary>Samples per second of the audio that goes in and comes out.</summary>
    public static int SampleRate(this VoiceCodec codec) => codec.LawOf() is null ? WideRate : G711.SampleRate;

    /// <summary>The companding of a G.711 codec; null for the others.</summary>
    public static G711Law? LawOf(this VoiceCodec codec) => codec switch
    {
        VoiceCodec.Pcmu => G711Law.Mu,
        VoiceCodec.Pcma => G711Law.A,
        _ => null,
    };
}
