using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Ordering;

/// <summary>Searches, reads what orders the messages found, and orders them: the common way of SORT and THREAD, with its limits.</summary>
internal static class MessageOrdering
{
    /// <summary>What was made of the messages found; or the refusal, when there are too many or it took too long.</summary>
    public static async Task<(T? Ordered, CommandResult Refusal)> RunAsync<T>(
        ImapSession session, SearchProgram program, bool withEnvelope, Func<List<OrderedMessage>, CancellationToken, T> order, CancellationToken ct)
        where T : class
    {
        var found = await FolderSearch.FindAsync(session, program, ct);
        if (found?.Count > session.Connection.Limits.OrderedMessages)
        {
            return (null, CommandResult.No("LIMIT", "There are too many messages to put in order, look for less at once"));
        }

        var ordered = found is null ? null : await session.Services.SearchTurns.RunAsync(
            session.Account.Id,
            async turn => order(await MessageSummaries.ReadAsync(session, found, withEnvelope, turn), turn),
            ct);
        return (ordered, SearchTurns.TooLong);
    }
}
