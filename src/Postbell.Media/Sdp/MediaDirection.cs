namespace Postbell.Media.Sdp;

/// <summary>Which way media flows, seen from whoever describes it (RFC 4566, section 6).</summary>
public enum MediaDirection
{
    /// <summary>Both ways; the default.</summary>
    SendRecv,

    /// <summary>Only sends.</summary>
    SendOnly,

    /// <summary>Only receives.</summary>
    RecvOnly,

    /// <summary>Neither; RTCP goes on.</summary>
    Inactive,
}
