using Postbell.Delivery;
using Postbell.Imap;
using Postbell.Mailbox;
using Postbell.Media.Recording;
using Postbell.Server.Configuration;
using Postbell.Server.Tracing;
using Postbell.SignIn;

namespace Postbell.Server.Hosting;

/// <summary>The running parts of a server as the administration interface sees them.</summary>
internal sealed record ServerParts
{
    /// <summary>What the server was started with.</summary>
    public required ServerConfiguration Configuration { get; init; }

    /// <summary>Where its files are.</summary>
    public required DataLayout Layout { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>When the start began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Token of the administration interface.</summary>
    public required AdminToken Token { get; init; }

    /// <summary>The certificates of its doors.</summary>
    public required Certificates Certificates { get; init; }

    /// <summary>Accounts, mailboxes, ledger.</summary>
    public required MailStore Store { get; init; }

    /// <summary>The people calls can reach.</summary>
    public required AccountPeople People { get; init; }

    /// <summary>The demo's people; null outside the demo.</summary>
    public DemoPeople? Demo { get; init; }

    /// <summary>Recordings until they are in mailboxes.</summary>
    public required RecordingJournal Journal { get; init; }

    /// <summary>The voice.</summary>
    public required SpeechParts Speech { get; init; }

    /// <summary>The mail clients' door.</summary>
    public required ImapConnectionHandler Imap { get; init; }

    /// <summary>What happens at it.</summary>
    public required ImapStatistics ImapStatistics { get; init; }

    /// <summary>The doors that take mail.</summary>
    public required SmtpParts Smtp { get; init; }

    /// <summary>Where people sign in, at every door.</summary>
    public required SignInDesk Desk { get; init; }

    /// <summary>SIP, media, calls, lamps.</summary>
    public required TelephoneParts Telephone { get; init; }

    /// <summary>The signalling of running and recent calls.</summary>
    public required SignallingTraces Traces { get; init; }

    /// <summary>The way from recording to mailbox.</summary>
    public required DeliveryPipeline Delivery { get; init; }

    /// <summary>The way to other mail servers; null when no mail leaves.</summary>
    public OutboundParts? Outbound { get; init; }

    /// <summary>What must hold for the server to be ready.</summary>
    public ReadyChecks Checks { get; } = new();

    /// <summary>Calls of this moment.</summary>
    public int ActiveCalls => Telephone.Service.Calls.Count;

    /// <summary>Messages between recording and mailbox.</summary>
    public int QueueLength => Delivery.QueueLength;
}
