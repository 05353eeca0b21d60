using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Smtp.Outbound;

namespace Postbell.Server.Hosting;

/// <summary>Ledger and mailboxes for the outbound queue.</summary>
internal sealed class OutboundHome(MailStore store, AccountPeople people) : IOutboundHome
{
    /// <inheritdoc />
    public Task AppendLedgerAsync(TraceId id, string stage, string detail, CancellationToken cancellation) => store.AppendLedgerAsync(id, stage, detail, cancellation);

    /// <inheritdoc />
    public async Task<bool> DeliverReportAsync(string address, string key, ReadOnlyMemory<byte> report, CancellationToken cancellation)
    {
        var at = address.LastIndexOf('@');
        if (at < 0 || people.Addresses.Find(address[..at], address[(at + 1)..]) is not { } person)
        {
            return false;
        }

        await store.DeliverAsync(person.AccountId, new MailDelivery { Message = report, IdempotencyKey = "report " + key }, cancellation);
        return true;
    }
}
