using Postbell.Imap.Ordering;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>SORT and UID SORT, RFC 5256, with the extended answers of RFC 5267 (ESORT) and the keys of RFC 5957 (SORT=DISPLAY) and RFC 6203 (RELEVANCY).</summary>
internal static class Sort
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!SortRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var found = await FolderSearch.FindAsync(session, request.Program, ct);
        var relevancy = found is not null && request.WantsRelevancy ? await FolderSearch.RelevancyAsync(session, request.Program, found, ct) : null;
        if (found is null || (relevancy is null && request.WantsRelevancy))
        {
            return SearchTurns.TooLong;
        }

        var sorter = new MessageSorter(request.Keys, index => relevancy![index]);
        var (sorted, refusal) = await MessageOrdering.RunAsync(session, found, sorter.Fields, sorter.Add, _ => sorter.Sort(), ct);
        if (sorted is null)
        {
            return refusal;
        }

        await Search.AnswerAsync(session, call, "SORT", request.Return, request.Program, sorted, relevancy, request.Partial);
        return CommandResult.Ok("Sort done");
    }
}
