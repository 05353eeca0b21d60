using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Receiving;

/// <summary>Puts a message into mailboxes of this server; every outcome is known and durable when it ends.</summary>
internal sealed class LocalDelivery(MailStore store, SmtpStatistics statistics, ILogger log)
{
    // As many as the store's own threads write side by side.
    private const int AtOnce = 8;

    /// <summary>Delivers once to each account, however often it is named.</summary>
    /// <param name="to">Whose mailboxes.</param>
    /// <param name="message">The message.</param>
    /// <param name="key">The same for a message that is sent again.</param>
    /// <param name="trace">Names the message in log and ledger.</param>
    /// <param name="origin">How it came, for the ledger.</param>
    public async Task<IReadOnlyDictionary<long, DeliveryOutcome>> DeliverAsync(
        IEnumerable<MailRecipient> to, ReadOnlyMemory<byte> message, string key, TraceId trace, string origin)
    {
        var outcomes = new Dictionary<long, DeliveryOutcome>();
        foreach (var some in to.DistinctBy(static r => r.AccountId).Chunk(AtOnce))
        {
            var results = await Task.WhenAll(some.Select(r => DeliverAsync(r, message, key, trace, origin)));
            for (var i = 0; i < some.Length; i++)
            {
                outcomes[some[i].AccountId] = results[i];
            }
        }

        return outcomes;
    }

    private async Task<DeliveryOutcome> DeliverAsync(MailRecipient recipient, ReadOnlyMemory<byte> message, string key, TraceId trace, string origin)
    {
        var account = recipient.AccountId;
        try
        {
            var delivery = new MailDelivery
            {
                Message = message, IdempotencyKey = "smtp:" + key, Ledger = new LedgerNote(trace, MailStage.Committed, $"{recipient.Address}, {origin}: "),
            };
            // Not given up when the client goes: it reads the message's memory to the end, and a repetition finds the answer.
            var result = await store.DeliverAsync(account, delivery, CancellationToken.None);
            statistics.Stored();
            log.Delivered(trace, account, result.Uid, result.Duplicate);
            return result.Duplicate ? DeliveryOutcome.StoredBefore : DeliveryOutcome.Stored;
        }
        catch (MailboxException refused)
        {
            log.DeliveryRefused(trace, account, refused.Reason);
            return refused.Reason switch
            {
                MailboxFailure.NoSuchAccount => DeliveryOutcome.Gone,
                MailboxFailure.MessageTooLarge => DeliveryOutcome.TooLarge,
                MailboxFailure.OverQuota => DeliveryOutcome.OverQuota,
                MailboxFailure.DiskFull => DeliveryOutcome.NoRoom,
                _ => DeliveryOutcome.Failed,
            };
        }
        catch (Exception fault)
        {
            log.DeliveryFailed(trace, account, fault);
            return DeliveryOutcome.Failed;
        }
    }
}
