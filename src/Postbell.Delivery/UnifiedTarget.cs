using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;

namespace Postbell.Delivery;

/// <summary>
/// Delivery by each person's policy: into the mailboxes of this server, or (<see cref="DeliveryMode.Unified"/>) to the organization's mail system alone.
/// A message that cannot be handed over fails like any other, so that it stays in the spool and is tried again.
/// </summary>
/// <param name="mailboxes">The mailboxes here; keeps the ledger of all.</param>
/// <param name="relay">The way to the mail system.</param>
/// <param name="directory">Whose policy is which.</param>
public sealed class UnifiedTarget(IDeliveryTarget mailboxes, IMailRelay relay, PeopleDirectory directory) : IDeliveryTarget
{
    /// <inheritdoc />
    public async Task<CommitReceipt> CommitAsync(MessageEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var people = directory.Current;
        if (people.FindByAccount(envelope.AccountId) is not { } person || people.PolicyOf(person)?.Delivery != DeliveryMode.Unified)
        {
            return await mailboxes.CommitAsync(envelope, message, cancellation).ConfigureAwait(false);
        }

        var answer = await relay.SendAsync(envelope.RecipientAddress, message, cancellation).ConfigureAwait(false);
        return new CommitReceipt($"mail system, {envelope.RecipientAddress}: {answer}", IsDuplicate: false);
    }

    /// <inheritdoc />
    public Task AppendLedgerAsync(TraceId id, string stage, string detail, CancellationToken cancellation) =>
        mailboxes.AppendLedgerAsync(id, stage, detail, cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<LedgerRow>> ReadLedgerAsync(TraceId id, CancellationToken cancellation) => mailboxes.ReadLedgerAsync(id, cancellation);
}
