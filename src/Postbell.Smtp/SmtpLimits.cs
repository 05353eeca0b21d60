namespace Postbell.Smtp;

/// <summary>Hard limits of the SMTP doors: what one client may make the server hold or do. Each has a named refusal.</summary>
public sealed record SmtpLimits
{
    /// <summary>Bytes of one command line with its CRLF (RFC 5321 section 4.5.3.1.4 asks for 512; parameters of extensions add to it).</summary>
    public int CommandLineBytes { get; init; } = 4096;

    /// <summary>Bytes of one line of a SASL answer (RFC 4954 section 4.3).</summary>
    public int AuthLineBytes { get; init; } = 12_288;

    /// <summary>Bytes of one line of a message with its CRLF (RFC 5321 section 4.5.3.1.6 asks for 1000; real mail has longer ones).</summary>
    public int TextLineBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of one message, announced by SIZE (RFC 1870).</summary>
    public int MessageBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>Recipients of one message (RFC 5321 section 4.5.3.1.8 asks for 100).</summary>
    public int Recipients { get; init; } = 1000;

    /// <summary>Messages of one connection.</summary>
    public int MessagesPerConnection { get; init; } = 1000;

    /// <summary>Received headers from which on a message is taken for one that goes in a circle (RFC 5321 section 6.3).</summary>
    public int Hops { get; init; } = 50;

    /// <summary>Refused logins after which a connection is closed.</summary>
    public int LoginAttempts { get; init; } = 3;

    /// <summary>Refused recipients of one connection after which it is closed: who guesses addresses shall not do it fast.</summary>
    public int UnknownRecipients { get; init; } = 100;

    /// <summary>Commands not understood after which a connection is closed.</summary>
    public int BadCommands { get; init; } = 20;

    /// <summary>Commands of a connection that carry no mail (NOOP, RSET, VRFY, ...) between two messages.</summary>
    public int IdleCommands { get; init; } = 200;

    /// <summary>Connections at once, all doors together.</summary>
    public int Connections { get; init; } = 2_000;

    /// <summary>Connections at once from one address. Trusted peers are not counted.</summary>
    public int ConnectionsPerAddress { get; init; } = 20;

    /// <summary>Bytes of a message that are held in memory; a longer one lies in a file while it comes.</summary>
    public int MemoryBytes { get; init; } = 256 * 1024;
}
