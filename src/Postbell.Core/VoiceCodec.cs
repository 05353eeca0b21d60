namespace Postbell.Core;

/// <summary>How the voice of a call is coded on the wire.</summary>
public enum VoiceCodec : byte
{
    /// <summary>G.711 mu-law: 8 kHz, 64 kbit/s.</summary>
    Pcmu,

    /// <summary>G.711 A-law: 8 kHz, 64 kbit/s.</summary>
    Pcma,

    /// <summary>G.722: 16 kHz, 64 kbit/s. Its RTP clock runs at 8000 all the same (RFC 3551, 4.5.2).</summary>
    G722,

    /// <summary>Opus (RFC 6716, RFC 7587): taken and sent here at 16 kHz, mono.</summary>
    Opus,
}
