namespace Postbell.Smtp.Session;

/// <summary>Where a session stands (RFC 5321 section 4.1.4), as flags so that a command can name all states it is allowed in.</summary>
[Flags]
internal enum SessionState
{
    None = 0,

    /// <summary>The client has not said its name.</summary>
    Connected = 1,

    /// <summary>It has, and no message is under way.</summary>
    Greeted = 2,

    /// <summary>MAIL was taken.</summary>
    Sender = 4,

    /// <summary>At least one RCPT was taken.</summary>
    Recipients = 8,

    /// <summary>BDAT has begun.</summary>
    Chunks = 16,

    /// <summary>The session ends.</summary>
    Closed = 32,
}
