namespace Postbell.Sip;

/// <summary>Why a TLS handshake did not lead to a connection.</summary>
public enum SipTlsFailure
{
    /// <summary>The first byte is no TLS handshake: a plain SIP message, or garbage.</summary>
    NotTls,

    /// <summary>It took longer than <see cref="SipTlsOptions.HandshakeTimeout"/>.</summary>
    Timeout,

    /// <summary>The address has <see cref="SipTlsOptions.MaxHandshakesPerAddress"/> handshakes under way already.</summary>
    TooMany,

    /// <summary>There were <see cref="SipTlsOptions.MaxHandshakes"/> handshakes under way, this one for the longest time: it made room for a new one.</summary>
    Displaced,

    /// <summary>The two sides have no protocol version or cipher in common, or the peer's bytes are malformed.</summary>
    Refused,

    /// <summary>The peer went away, or sent an alert: often because it does not trust our certificate.</summary>
    PeerClosed,

    /// <summary>The peer has no certificate.</summary>
    NoCertificate,

    /// <summary>The peer's certificate leads to none of the configured authorities.</summary>
    UntrustedCertificate,

    /// <summary>The peer's certificate, or one above it, is not valid yet or not any more.</summary>
    ExpiredCertificate,

    /// <summary>The peer's certificate was issued for something else than TLS or SIP.</summary>
    WrongPurpose,

    /// <summary>The certificate of the peer that we called does not carry the name it was called by.</summary>
    WrongName,
}
