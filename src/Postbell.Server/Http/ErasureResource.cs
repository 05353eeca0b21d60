using Postbell.Mailbox;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>DELETE /api/v1/users/{user}: erases a person, and says what of them is elsewhere.</summary>
internal sealed class ErasureResource(ServerParts parts, UsersResource users)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/api/v1/users/{user}", EraseAsync);

    private Task<IResult> EraseAsync(string user, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        if (account.HeldSince is not null)
        {
            return Problem.Conflict($"{account.UserName} is on legal hold (postbell mailbox hold {account.UserName} off ends it)");
        }

        var unsent = await RemoveUnsentAsync(account.Id, cancellation);
        var erased = await parts.Store.EraseAccountAsync(account.Id, cancellation);
        await parts.People.RefreshAsync(cancellation);
        return Results.Json(new ErasureReply(erased.UserName, erased.Files, erased.Traces, erased.LedgerRows, unsent, [.. Left(account.Id)]), Json.Options);
    });

    // Each is given up and reported to its sender, who is erased next: so the report goes with them.
    private async Task<int> RemoveUnsentAsync(long account, CancellationToken cancellation)
    {
        var removed = Unsent(account).Count(id => parts.Outbound!.Queue.Delete(id, "the sender is erased"));
        var limit = parts.Time.GetUtcNow() + s_patience;
        while (Unsent(account).Any() && parts.Time.GetUtcNow() < limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), parts.Time, cancellation);
        }

        return removed;
    }

    private IEnumerable<string> Unsent(long account) =>
        parts.Outbound?.Queue.Snapshot().Where(item => item.Entry.Envelope.AccountId == account).Select(static item => item.Entry.Id).ToList() ?? [];

    private IEnumerable<string> Left(long account)
    {
        yield return "backups: take a new one, and remove those from before when they may go";
        yield return "copies in mailboxes of other people";
        yield return $"{parts.Layout.Spool}: sound of messages already delivered stays in the recording journal until its file is full and goes";
        if (parts.Delivery.QueueSnapshot().Count(m => m.AccountId == account) is > 0 and var waiting)
        {
            yield return $"{parts.Layout.Spool}: {waiting} recordings on their way to the mailbox (postbell queue)";
        }

        if (Unsent(account).Count() is > 0 and var sending)
        {
            yield return $"{parts.Layout.Outbound}: {sending} messages being sent at this moment";
        }

        yield return $"{parts.Layout.Prompts}: the spoken name";
        yield return $"{parts.Layout.Traces}, {parts.Layout.Logs}: signalling of failed calls and log lines, until they are old enough to go";
    }
}

/// <summary>What was erased, and where else something of the person may be.</summary>
internal sealed record ErasureReply(string User, int Files, int Ledgers, int LedgerLines, int Unsent, IReadOnlyList<string> Left);
