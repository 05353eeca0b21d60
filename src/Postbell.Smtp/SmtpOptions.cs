using System.Net;
using System.Security.Cryptography.X509Certificates;
using Postbell.Mailbox;

namespace Postbell.Smtp;

/// <summary>Settings of the SMTP doors.</summary>
public sealed record SmtpOptions
{
    /// <summary>Name of this server in greetings and Received headers.</summary>
    public required string HostName { get; init; }

    /// <summary>Address that reports to senders come from.</summary>
    public string ReportAddress { get; init; } = "postmaster@localhost";

    /// <summary>Whether the From header of what somebody submits must have addresses of his own.</summary>
    public Func<Account, bool> RequiresOwnFrom { get; init; } = static _ => true;

    /// <summary>Folder for messages that are coming in and too long for memory. Made when missing, emptied when the doors open.</summary>
    public required string IncomingDirectory { get; init; }

    /// <summary>Gives the certificate for STARTTLS and implicit TLS, asked anew for each handshake. Null offers no TLS.</summary>
    public Func<X509Certificate2>? Certificate { get; init; }

    /// <summary>True lets people sign in without TLS: for a demo on the loopback interface.</summary>
    public bool AllowPlaintextLogin { get; init; }

    /// <summary>Who may bring mail to the LMTP and SMTP intake; nobody else is listened to. Connections over a UNIX socket always may.</summary>
    public IReadOnlyList<IPNetwork> TrustedPeers { get; init; } = [new(IPAddress.Loopback, 8), new(IPAddress.IPv6Loopback, 128)];

    /// <summary>What one client may make the server hold or do.</summary>
    public SmtpLimits Limits { get; init; } = new();

    /// <summary>Longest silence of a client between commands (RFC 5321 section 4.5.3.2.7: at least 5 minutes).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest silence within a message.</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest visit of someone who has not signed in at the submission door, and longest TLS handshake.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest time one message may take to come, whatever trickles in.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A client that takes no bytes of an answer for this time is cut off.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
