using Postbell.Core;

namespace Postbell.Smtp;

/// <summary>Envelope of a message for other servers (RFC 5321 section 2.3.1, RFC 3461).</summary>
public sealed record OutboundEnvelope
{
    /// <summary>Address that reports of failure go to; empty for none (the null reverse-path).</summary>
    public required string Sender { get; init; }

    /// <summary>Whom it is for, without repetitions.</summary>
    public required IReadOnlyList<OutboundRecipient> Recipients { get; init; }

    /// <summary>True when addresses or headers need SMTPUTF8 (RFC 6531).</summary>
    public bool Utf8 { get; init; }

    /// <summary>True when the body has bytes above 127 (BODY=8BITMIME, RFC 6152).</summary>
    public bool EightBit { get; init; }

    /// <summary>ENVID as the sender gave it, xtext decoded (RFC 3461 section 4.4); null when there is none.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>How much of the message a report shall carry.</summary>
    public DsnReturn Return { get; init; }

    /// <summary>Account of the person who submitted it.</summary>
    public long AccountId { get; init; }

    /// <summary>Names the message in ledger and log.</summary>
    public TraceId Trace { get; init; }
}
