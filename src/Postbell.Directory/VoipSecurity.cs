namespace Postbell.Directory;

/// <summary>How calls of a dial plan must be protected. A call that comes otherwise is refused.</summary>
public enum VoipSecurity
{
    /// <summary>SIP over UDP or TCP, RTP in the clear.</summary>
    Unsecured,

    /// <summary>SIP over TLS with certificates on both sides, RTP in the clear.</summary>
    SipSecured,

    /// <summary>SIP over TLS with certificates on both sides, media by SRTP.</summary>
    Secured,

    /// <summary>Whatever the gateway speaks: for the time of a change from one mode to another.</summary>
    Any,
}

/// <summary>What the modes have in common.</summary>
public static class VoipSecurityExtensions
{
    /// <summary>True when a gateway must prove by a certificate who it is.</summary>
    public static bool DemandsCertificate(this VoipSecurity security) => security is VoipSecurity.SipSecured or VoipSecurity.Secured;
}
