namespace Postbell.Media.Sdp;

/// <summary>Why a session description was not accepted; answers are 488 with this reason, except for <see cref="Malformed"/> and limits (400).</summary>
public enum SdpRejection
{
    /// <summary>It was accepted.</summary>
    None,

    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>It does not follow RFC 4566: a line without type and "=", no "v=0", a media line that cannot be read.</summary>
    Malformed,

    /// <summary>Longer than <see cref="SessionDescription.MaxBytes"/>.</summary>
    TooLong,

    /// <summary>More lines than <see cref="SessionDescription.MaxLines"/>.</summary>
    TooManyLines,

    /// <summary>More media sections than <see cref="SessionDescription.MaxStreams"/>.</summary>
    TooManyStreams,

    /// <summary>No media section is audio, or every audio section has port 0.</summary>
    NoAudioStream,

    /// <summary>Audio is offered only over transports not spoken here, such as RTP/SAVPF.</summary>
    UnsupportedTransport,

    /// <summary>Audio is offered as SRTP only, and the gateway's setting forbids SRTP.</summary>
    SecurityForbidden,

    /// <summary>Audio is offered in clear only, and the gateway's setting requires SRTP.</summary>
    SecurityRequired,

    /// <summary>SRTP is needed and its library is not installed.</summary>
    SecurityUnavailable,

    /// <summary>SRTP is needed, and its keys would cross the network in signalling that is not encrypted.</summary>
    KeysInClear,

    /// <summary>SRTP is offered with no key that can be used: another suite, a wrong length, parameters not spoken here (RFC 4568).</summary>
    NoUsableKey,

    /// <summary>No connection address, or one that is no IP address; host names are not resolved on the call path.</summary>
    NoConnectionAddress,

    /// <summary>The audio stream has no codec that is spoken here.</summary>
    NoCommonCodec,

    /// <summary>The peer's media address is IPv6 and ours is IPv4, or the other way round.</summary>
    AddressFamilyMismatch,

    /// <summary>The answer does not fit the offer it answers.</summary>
    AnswerMismatch,
}
