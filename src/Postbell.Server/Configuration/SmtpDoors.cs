using System.Net;

namespace Postbell.Server.Configuration;

/// <summary>The doors that take mail; an empty list keeps a door closed.</summary>
internal sealed record SmtpDoors
{
    /// <summary>LMTP from the organization's mail server.</summary>
    public IReadOnlyList<IPEndPoint> Lmtp { get; init; } = [];

    /// <summary>UNIX socket for LMTP; who may open the file may deliver. Null makes none.</summary>
    public string? LmtpSocket { get; init; }

    /// <summary>SMTP from the organization's mail server.</summary>
    public IReadOnlyList<IPEndPoint> Intake { get; init; } = [];

    /// <summary>Submission by people's mail programs, with STARTTLS.</summary>
    public IReadOnlyList<IPEndPoint> Submission { get; init; } = [];

    /// <summary>Submission within TLS.</summary>
    public IReadOnlyList<IPEndPoint> SubmissionTls { get; init; } = [];

    /// <summary>Who may bring mail to <see cref="Lmtp"/> and <see cref="Intake"/>.</summary>
    public IReadOnlyList<IPNetwork> TrustedPeers { get; init; } = [new(IPAddress.Loopback, 8), new(IPAddress.IPv6Loopback, 128)];

    /// <summary>Domains beside the mail domain whose mail ends here.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Address of the person who gets mail for postmaster; null is nobody.</summary>
    public string? Postmaster { get; init; }

    /// <summary>More addresses of people; no address is there twice.</summary>
    public IReadOnlyList<MailAliases> Aliases { get; init; } = [];

    /// <summary>Largest message in megabytes.</summary>
    public int MaxMessageMegabytes { get; init; } = 50;
}
