namespace Postbell.Smtp.Client;

/// <summary>How a way to another server is protected.</summary>
public enum SmtpTlsUse
{
    /// <summary>The certificate must be good and name the host; without TLS nothing is sent.</summary>
    Verified,

    /// <summary>Without TLS nothing is sent, but any certificate will do: it keeps listeners out, not impostors.</summary>
    Required,

    /// <summary>TLS where the server offers it, any certificate; else in clear.</summary>
    Opportunistic,

    /// <summary>In clear.</summary>
    None,
}
