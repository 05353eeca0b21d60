using Postbell.Core;

namespace Postbell.Media.Codecs;

/// <summary>What fills the rest of a packet.</summary>
internal static class CodecSilence
{
    // What the encoder of G.722 settles to on silence: both bands one step, the smallest.
    private const byte G722 = 0xFA;

    /// <summary>The byte that stands for silence in a codec with one byte a tick.</summary>
    public static byte Byte(VoiceCodec codec) => codec.LawOf() is { } law ? G711.SilenceByte(law) : G722;
}
