namespace Postbell.Smtp;

/// <summary>What a connection may be used for.</summary>
public enum SmtpDoor
{
    /// <summary>Intake by LMTP (RFC 2033) from the organization's mail server: local recipients only, one reply each.</summary>
    Lmtp,

    /// <summary>Intake by SMTP (RFC 5321) from the organization's mail server: local recipients only.</summary>
    Intake,

    /// <summary>Submission by people who sign in (RFC 6409).</summary>
    Submission,
}
