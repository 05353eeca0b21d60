using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Protocol;

namespace Postbell.Smtp.Receiving;

/// <summary>The way of what we write ourselves back to the sender of a message: into a mailbox of this server, or out by the queue, with the null sender.</summary>
internal sealed class ReturnMail(MailStore store, Func<AddressBook> addresses, IOutboundQueue? outbound)
{
    /// <summary>True when senders elsewhere can be reached.</summary>
    public bool ReachesEverybody => outbound is not null;

    /// <summary>Sends a message once for each <paramref name="id"/>; false when there is no way to the address.</summary>
    /// <exception cref="OutboundRefusedException">The queue takes nothing now.</exception>
    /// <exception cref="MailboxException">The mailbox does not take it.</exception>
    public async Task<bool> SendAsync(MailPath to, TraceId id, ReadOnlyMemory<byte> message)
    {
        if (addresses().Find(to.LocalPart, to.Domain) is { } here)
        {
            await store.DeliverAsync(here.AccountId, new MailDelivery { Message = message, IdempotencyKey = $"report {id}" }, CancellationToken.None);
            return true;
        }

        if (outbound is null)
        {
            return false;
        }

        await outbound.EnqueueAsync(new OutboundEnvelope { Sender = "", Recipients = [new OutboundRecipient(to.Text)], Trace = id }, message, CancellationToken.None);
        return true;
    }
}
