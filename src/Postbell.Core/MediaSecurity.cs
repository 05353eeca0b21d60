namespace Postbell.Core;

/// <summary>Whether the audio of calls with a peer is encrypted (SRTP, RFC 3711).</summary>
public enum MediaSecurity
{
    /// <summary>Never: an offer of nothing but SRTP is refused.</summary>
    Forbidden,

    /// <summary>When the peer offers it.</summary>
    Optional,

    /// <summary>Always: a call without it is refused.</summary>
    Required,
}
