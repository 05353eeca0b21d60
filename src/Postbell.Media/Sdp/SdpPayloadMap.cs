using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Sdp;

/// <summary>One <c>a=rtpmap</c>: what a payload type number stands for.</summary>
/// <param name="PayloadType">The number, 0 to 127.</param>
/// <param name="Encoding">Name of the encoding, as written; compared without case.</param>
/// <param name="ClockRate">Timestamp units per second.</param>
/// <param name="Channels">Channels, 1 when not said.</param>
public readonly record struct SdpPayloadMap(byte PayloadType, string Encoding, int ClockRate, int Channels)
{
    /// <summary>True when it stands for a codec. Opus is told by its name and clock; that it says two channels says nothing (RFC 7587, 7).</summary>
    internal bool Means(VoiceCodec codec) =>
        ClockRate == codec.ClockRate() && (Channels == 1 || Channels == codec.Channels()) && Encoding.Equals(codec.Name(), StringComparison.OrdinalIgnoreCase);
}
