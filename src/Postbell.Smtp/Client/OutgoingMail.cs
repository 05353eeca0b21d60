namespace Postbell.Smtp.Client;

/// <summary>One message for one server: envelope and what the content needs. The content itself is given as a stream.</summary>
public sealed record OutgoingMail
{
    /// <summary>Reverse path; empty is the null path of reports.</summary>
    public required string Sender { get; init; }

    /// <summary>Whom it goes to.</summary>
    public required IReadOnlyList<OutboundRecipient> Recipients { get; init; }

    /// <summary>Bytes of the content, every line end CRLF (<see cref="LineEndNormaliser"/>), the last line ended too.</summary>
    public required long Size { get; init; }

    /// <summary>The content has bytes above 127.</summary>
    public bool IsEightBit { get; init; }

    /// <summary>Its header has.</summary>
    public bool HasEightBitHeader { get; init; }

    /// <summary>ENVID of RFC 3461, decoded; null for none.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>RET of RFC 3461.</summary>
    public DsnReturn Return { get; init; }
}
