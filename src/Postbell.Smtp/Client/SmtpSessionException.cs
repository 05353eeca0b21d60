namespace Postbell.Smtp.Client;

/// <summary>Why a session could not go on.</summary>
public enum SmtpSessionFailure
{
    /// <summary>Which servers a domain has could not be looked up.</summary>
    NameUnknown,

    /// <summary>The host name is not known, or nobody answers there.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The server closed the connection.</summary>
    Closed,

    /// <summary>The server sent what is no reply.</summary>
    Malformed,

    /// <summary>The server refused to talk, or a command of the opening.</summary>
    Refused,

    /// <summary>TLS is wanted, and the server does not offer it or the handshake failed.</summary>
    Tls,

    /// <summary>The server wants no user and password in a form we have, or refused them.</summary>
    Authentication,
}

/// <summary>A session ended before it was done; what was to be sent is tried again later.</summary>
public sealed class SmtpSessionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SmtpSessionException(SmtpSessionFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why.</summary>
    public SmtpSessionFailure Reason { get; }
}
