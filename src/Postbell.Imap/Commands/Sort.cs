using Postbell.Imap.Ordering;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>SORT and UID SORT, RFC 5256, with the extended answers of RFC 5267 (ESORT) and the keys of RFC 5957 (SORT=DISPLAY).</summary>
internal static class Sort
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!SortRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var (sorted, refusal) = await MessageOrdering.RunAsync(
            session, request.Program, MessageSorter.NeedsEnvelope(request.Keys), (messages, _) => MessageSorter.Sort(messages, request.Keys), ct);
        if (sorted is null)
        {
            return refusal;
        }

        await Search.AnswerAsync(session, call, "SORT", request.Return, request.Program, sorted);
        return CommandResult.Ok("Sort done");
    }
}
