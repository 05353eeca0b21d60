using Postbell.Core;

namespace Postbell.Media.Rtp;

/// <summary>What follows from the kind of a payload.</summary>
internal static class PayloadKindFacts
{
    public static PayloadKind ToKind(this VoiceCodec codec) => codec switch
    {
        VoiceCodec.Pcmu => PayloadKind.Mu,
        VoiceCodec.Pcma => PayloadKind.A,
        VoiceCodec.G722 => PayloadKind.G722,
        _ => PayloadKind.Opus,
    };

    /// <summary>The codec of a kind that is voice.</summary>
    public static VoiceCodec ToCodec(this PayloadKind kind) => kind switch
    {
        PayloadKind.Mu => VoiceCodec.Pcmu,
        PayloadKind.A => VoiceCodec.Pcma,
        PayloadKind.G722 => VoiceCodec.G722,
        _ => VoiceCodec.Opus,
    };

    /// <summary>True for the voice itself.</summary>
    public static bool IsVoice(this PayloadKind kind) => kind is >= PayloadKind.Mu and <= PayloadKind.Opus;

    /// <summary>True for comfort noise of any clock.</summary>
    public static bool IsNoise(this PayloadKind kind) => kind is PayloadKind.ComfortNoise or PayloadKind.WideComfortNoise;

    /// <summary>True for key presses.</summary>
    public static bool IsEvent(this PayloadKind kind) => kind >= PayloadKind.TelephoneEvent;

    /// <summary>Timestamp units per millisecond.</summary>
    public static int ClockPerMs(this PayloadKind kind) => kind is PayloadKind.Opus or PayloadKind.WideTelephoneEvent ? 48 : 8;
}
