using System.Text.Json.Serialization;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>A message in the queue as it is stored beside its content.</summary>
public sealed record OutboundEntry
{
    /// <summary>Id of the entry and of its ledger.</summary>
    public required string Id { get; init; }

    /// <summary>Envelope; its recipients are in <see cref="Deliveries"/>.</summary>
    public required OutboundEnvelope Envelope { get; init; }

    /// <summary>Its recipients and how far each is.</summary>
    public required IReadOnlyList<OutboundDelivery> Deliveries { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>Bytes of its content.</summary>
    public long Size { get; init; }

    /// <summary>The content has bytes above 127.</summary>
    public bool IsEightBit { get; init; }

    /// <summary>Its header has.</summary>
    public bool HasEightBitHeader { get; init; }

    /// <summary>Attempts that did not reach every recipient.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>The sender has been warned of the delay.</summary>
    public bool IsDelayReported { get; init; }

    /// <summary>Recipients not reached yet.</summary>
    [JsonIgnore]
    public IEnumerable<OutboundDelivery> Pending => Deliveries.Where(static d => d.State == OutboundRecipientState.Pending);

    /// <summary>Nothing is left to do.</summary>
    [JsonIgnore]
    public bool IsDone => Deliveries.All(static d => d.State != OutboundRecipientState.Pending && d.IsReported);

    /// <summary>What the last attempt failed with; null when none did.</summary>
    [JsonIgnore]
    public string? LastProblem => Deliveries.Where(static d => d.State != OutboundRecipientState.Sent && d.LastAnswer.Length > 0).MaxBy(static d => d.LastAttemptAt)?.LastAnswer;

    /// <summary>Changes the recipients that fulfil a condition.</summary>
    internal OutboundEntry With(Func<OutboundDelivery, bool> which, Func<OutboundDelivery, OutboundDelivery> change) =>
        this with { Deliveries = [.. Deliveries.Select(d => which(d) ? change(d) : d)] };

    /// <summary>The message for the recipients given.</summary>
    internal OutgoingMail ToMail(IReadOnlyList<OutboundRecipient> recipients) => new()
    {
        Sender = Envelope.Sender, Recipients = recipients, Size = Size, IsEightBit = IsEightBit, HasEightBitHeader = HasEightBitHeader,
        EnvelopeId = Envelope.EnvelopeId, Return = Envelope.Return,
    };
}
