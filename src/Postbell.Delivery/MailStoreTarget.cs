using System.Globalization;
using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Delivery;

/// <summary>Delivery into the mailboxes of this server.</summary>
public sealed class MailStoreTarget : IDeliveryTarget
{
    private readonly MailStore _store;

    /// <summary>Creates the target over an open store.</summary>
    public MailStoreTarget(MailStore store) => _store = store;

    /// <inheritdoc />
    public async Task<CommitReceipt> CommitAsync(MessageEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        try
        {
            var delivery = new MailDelivery { Message = message, IdempotencyKey = envelope.Id.ToString(), IsPromised = true };
            var result = await _store.DeliverAsync(envelope.AccountId, delivery, cancellation).ConfigureAwait(false);
            return new CommitReceipt(string.Create(CultureInfo.InvariantCulture, $"{delivery.Folder}, UID {result.Uid}"), result.Duplicate);
        }
        catch (MailboxException refused) when (refused.Reason is MailboxFailure.NoSuchAccount or MailboxFailure.MessageTooLarge)
        {
            throw new DeliveryRefusedException(refused.Message, refused);
        }
    }

    /// <inheritdoc />
    public Task AppendLedgerAsync(TraceId id, string stage, string detail, CancellationToken cancellation) =>
        _store.AppendLedgerAsync(id, stage, detail, cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerRow>> ReadLedgerAsync(TraceId id, CancellationToken cancellation) => _store.ReadLedgerAsync(id, cancellation);
}
