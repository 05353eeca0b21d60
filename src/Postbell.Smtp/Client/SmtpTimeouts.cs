namespace Postbell.Smtp.Client;

/// <summary>How long a client waits (RFC 5321 section 4.5.3.2).</summary>
public sealed record SmtpTimeouts
{
    /// <summary>For the connection.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the greeting, the answers to EHLO, STARTTLS, AUTH, MAIL and RCPT, and the TLS handshake.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the answer to DATA.</summary>
    public TimeSpan Data { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For the server to take one block of the message.</summary>
    public TimeSpan Block { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For the answer to the end of the message: shorter, and messages come twice.</summary>
    public TimeSpan End { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For the answer to RSET, before an idle connection is used again.</summary>
    public TimeSpan Reset { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the answer to QUIT.</summary>
    public TimeSpan Quit { get; init; } = TimeSpan.FromSeconds(5);
}
