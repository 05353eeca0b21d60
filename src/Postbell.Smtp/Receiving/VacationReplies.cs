using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Receiving;

/// <summary>Answers senders for people who are away (RFC 3834), after their message is in the mailbox.</summary>
internal sealed class VacationReplies(MailStore store, Func<AddressBook> addresses, ReturnMail back, SmtpStatistics statistics, ILogger log)
{
    /// <summary>Replies for whom the message was delivered just now. A reply that cannot be sent holds no message up.</summary>
    public async Task SendAsync(MailTransaction transaction, ReadOnlyMemory<byte> content, IReadOnlyDictionary<long, DeliveryOutcome> outcomes)
    {
        if (transaction.Mail.Sender.IsNull)
        {
            return;
        }

        foreach (var person in transaction.Recipients.Select(static r => r.Local).OfType<MailRecipient>().DistinctBy(static r => r.AccountId))
        {
            if (outcomes[person.AccountId] == DeliveryOutcome.Stored)
            {
                await ReplyAsync(person, transaction, content);
            }
        }
    }

    private async Task ReplyAsync(MailRecipient person, MailTransaction transaction, ReadOnlyMemory<byte> content)
    {
        var (sender, book) = (transaction.Mail.Sender, addresses());
        try
        {
            var reply = await store.TryTakeVacationReplyAsync(
                person.AccountId, sender.Text, content, person.Address, (local, domain) => book.Find(local, domain)?.AccountId == person.AccountId, CancellationToken.None);
            if (reply is not null && await back.SendAsync(sender, reply.Id, reply.Message))
            {
                statistics.RepliedForPerson();
                await store.AppendLedgerAsync(transaction.Trace, MailStage.Replied, $"{person.Address} is away, to {sender.Text}", CancellationToken.None);
            }
        }
        catch (Exception failed) when (failed is OutboundRefusedException or MailboxException)
        {
            log.ReportFailed(transaction.Trace, failed);
        }
    }
}
