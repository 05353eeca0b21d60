using Postbell.Core;

namespace Postbell.Server.Phone;

/// <summary>What came of a call; times in milliseconds, null for what did not happen.</summary>
internal sealed record PhoneReport
{
    /// <summary>True when the call was answered, everything was said, and it ended in order.</summary>
    public required bool Ok { get; init; }

    /// <summary>Why not; null when ok.</summary>
    public string? Problem { get; init; }

    /// <summary>Number that was called.</summary>
    public required string Number { get; init; }

    /// <summary>Call-ID, to find the call in the server's log and ledger.</summary>
    public required string CallId { get; init; }

    /// <summary>Final response to the INVITE.</summary>
    public int? Status { get; init; }

    /// <summary>INVITE to 100.</summary>
    public double? TryingMs { get; init; }

    /// <summary>INVITE to 180 or 183.</summary>
    public double? RingingMs { get; init; }

    /// <summary>INVITE to 200.</summary>
    public double? AnsweredMs { get; init; }

    /// <summary>200 to the first RTP packet.</summary>
    public double? FirstRtpMs { get; init; }

    /// <summary>200 to the end of the first beep.</summary>
    public double? BeepMs { get; init; }

    /// <summary>BYE to its 200; null when the server hung up.</summary>
    public double? ByeMs { get; init; }

    /// <summary>Who hung up: phone or server.</summary>
    public string? EndedBy { get; init; }

    /// <summary>Codec of the call.</summary>
    public VoiceCodec? Codec { get; init; }

    /// <summary>Seconds that were said.</summary>
    public double PlayedSeconds { get; init; }

    /// <summary>Seconds that were heard.</summary>
    public double HeardSeconds { get; init; }

    /// <summary>Loudness of what was heard in dB below full scale, four values a second.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [];

    /// <summary>Beeps that were heard.</summary>
    public IReadOnlyList<Beep> Beeps { get; init; } = [];

    /// <summary>RTP packets from the server.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Of them never came.</summary>
    public long PacketsLost { get; init; }

    /// <summary>RTP packets to the server.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Of those the server reported as lost.</summary>
    public long PeerLost { get; init; }

    /// <summary>Jitter of what came, milliseconds.</summary>
    public double JitterMs { get; init; }
}
