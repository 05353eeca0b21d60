using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Delivery;

/// <summary>Where finished messages go and their ledger is kept.</summary>
public interface IDeliveryTarget
{
    /// <summary>
    /// Takes a message; durable when the task has ended well. A second message with the same <see cref="MessageEnvelope.Id"/> is not stored again.
    /// </summary>
    /// <exception cref="DeliveryRefusedException">It will never be taken. Every other exception means: try again later.</exception>
    Task<CommitReceipt> CommitAsync(MessageEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation);

    /// <summary>Writes a ledger row.</summary>
    Task AppendLedgerAsync(TraceId id, string stage, string detail, CancellationToken cancellation);

    /// <summary>Reads the ledger of a message.</summary>
    Task<IReadOnlyList<LedgerRow>> ReadLedgerAsync(TraceId id, CancellationToken cancellation);
}

/// <summary>Where a message is now.</summary>
/// <param name="Where">For a person, for instance <c>INBOX, UID 17</c>.</param>
/// <param name="IsDuplicate">True when it was there before.</param>
public readonly record struct CommitReceipt(string Where, bool IsDuplicate);

/// <summary>The target will never take this message; the message says why, for a person.</summary>
public sealed class DeliveryRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DeliveryRefusedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
