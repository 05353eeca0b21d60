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
        if (people.Directory.Current.People.FirstOrDefault(p => p.EmailAddress.Equals(address, StringComparison.OrdinalIgnoreCase)) is not { } person)
        {
            return false;
        }

        await store.DeliverAsync(person.AccountId, new MailDelivery { Message = report, IdempotencyKey = "report " + key }, cancellation);
        return true;
    }
}
