using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.Mime;

namespace Postbell.Imap.Ordering;

/// <summary>Reads what orders the messages found, and orders them: the common way of SORT and THREAD, with its limits.</summary>
internal static class MessageOrdering
{
    /// <summary>What was made of the messages found; or the refusal, when there are too many or it took too long.</summary>
    /// <param name="session">Whose selected folder.</param>
    /// <param name="found">Sequence numbers less one, ascending; null when looking for them took too long.</param>
    /// <param name="fields">What of their envelopes.</param>
    /// <param name="take">Takes what it needs of each message: its sequence number less one, and its summary.</param>
    /// <param name="order">Puts them in order.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<(T? Ordered, CommandResult Refusal)> RunAsync<T>(
        ImapSession session, List<int>? found, EnvelopeFields fields, Action<int, EnvelopeRow> take, Func<CancellationToken, T> order, CancellationToken ct)
        where T : class
    {
        if (found?.Count > session.Connection.Limits.OrderedMessages)
        {
            return (null, CommandResult.No("LIMIT", "There are too many messages to put in order, look for less at once"));
        }

        var ordered = found is null ? null : await session.Services.SearchTurns.RunAsync(
            session.Account.Id,
            async turn =>
            {
                await MessageSummaries.ReadAsync(session, found, fields, take, turn);
                return order(turn);
            },
            ct);
        return (ordered, SearchTurns.TooLong);
    }
}
