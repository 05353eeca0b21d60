namespace Postbell.Sip.Resolution;

/// <summary>Why no server of a URI was found.</summary>
public enum SipLocationFailure
{
    /// <summary>There are servers.</summary>
    None,

    /// <summary>The URI is no sip or sips URI, or names no host.</summary>
    NoHost,

    /// <summary>It asks for a transport that we do not speak, or sips for one without TLS.</summary>
    NoTransport,

    /// <summary>The name servers say that the name, or an address of it, does not exist.</summary>
    NoSuchName,

    /// <summary>No name server gave an answer.</summary>
    NoAnswer,
}
