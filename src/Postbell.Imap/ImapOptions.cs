using System.Security.Cryptography.X509Certificates;

namespace Postbell.Imap;

/// <summary>Settings of the IMAP door.</summary>
public sealed record ImapOptions
{
    /// <summary>
    /// Gives the certificate for STARTTLS and implicit TLS, asked anew for each handshake so that a renewed one is taken up without restart.
    /// Null offers no TLS.
    /// </summary>
    public Func<X509Certificate2>? Certificate { get; init; }

    /// <summary>
    /// True lets people sign in without TLS: for a demo on the loopback interface. False answers <c>[PRIVACYREQUIRED]</c> and
    /// advertises LOGINDISABLED until TLS is there.
    /// </summary>
    public bool AllowPlaintextLogin { get; init; }

    /// <summary>Changes the PIN of somebody's telephone access, for visual voicemail; null where there is none.</summary>
    public Func<PinChange, CancellationToken, Task<PinChangeOutcome>>? ChangePin { get; init; }

    /// <summary>What one client may make the server hold or do.</summary>
    public ImapLimits Limits { get; init; } = new();

    /// <summary>A connection where no one has signed in is closed after this time.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A signed-in connection without a command is closed after this time (RFC 3501 section 5.4: at least 30 minutes).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A client that takes no bytes of an answer for this time is cut off.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>During IDLE a line is sent this often, so that NAT boxes keep the connection.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>A SEARCH, SORT or THREAD is given up after this time, waiting for its turn included.</summary>
    public TimeSpan SearchTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
