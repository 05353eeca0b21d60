namespace Postbell.Media.Rtp;

/// <summary>Why a datagram is no RTP packet.</summary>
public enum RtpParseFailure
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Shorter than its headers say.</summary>
    TooShort,

    /// <summary>Version is not 2.</summary>
    WrongVersion,

    /// <summary>The padding count is zero or larger than the packet.</summary>
    BadPadding,

    /// <summary>Payload types 72 to 76: RTCP that went to the RTP port.</summary>
    LooksLikeRtcp,
}
