using Postbell.Imap.Protocol;
using Postbell.Imap.Responses;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>SEARCH and UID SEARCH, RFC 3501 6.4.4, with ESEARCH (RFC 4731), SEARCHRES (RFC 5182), WITHIN (RFC 5032), MODSEQ (RFC 7162), FUZZY (RFC 6203) and PARTIAL (RFC 9394).</summary>
internal static class Search
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var selected = session.Selected;
        var reader = call.Arguments();
        if (!SearchRequest.TryParse(ref reader, out var request))
        {
            var refusal = CommandResult.Bad(reader);
            ForgetSaved(selected, request.Saves && refusal.Outcome == ImapOutcome.No);
            return refusal;
        }

        if (request.NamesCharset && session.Enabled.Utf8Accept)
        {
            return CommandResult.Bad("No character set may be named once UTF8=ACCEPT is enabled");
        }

        if (request.Return is null && session.Enabled.Imap4Rev2)
        {
            // RFC 9051 section 6.4.4: there is no other answer than ESEARCH.
            request = request with { Return = SearchReturn.All };
        }

        List<int>? found;
        try
        {
            found = await FolderSearch.FindAsync(session, request.Program, ct);
        }
        catch (MailboxException)
        {
            ForgetSaved(selected, request.Saves);
            throw;
        }

        if (found is null)
        {
            ForgetSaved(selected, request.Saves);
            return SearchTurns.TooLong;
        }

        IReadOnlyDictionary<int, int>? relevancy = null;
        if (request.Return?.HasFlag(SearchReturn.Relevancy) == true)
        {
            relevancy = await FolderSearch.RelevancyAsync(session, request.Program, found, ct);
            if (relevancy is null)
            {
                ForgetSaved(selected, request.Saves);
                return SearchTurns.TooLong;
            }
        }

        await AnswerAsync(session, call, "SEARCH", request.Return, request.Program, found, relevancy, request.Partial);
        return CommandResult.Ok("Search done");
    }

    /// <summary>Writes what was found, in the order given, and keeps it as <c>$</c> where that was asked.</summary>
    public static async Task AnswerAsync(
        ImapSession session, CommandCall call, string name, SearchReturn? options, SearchProgram program, List<int> found,
        IReadOnlyDictionary<int, int>? relevancy, ResultRange? partial)
    {
        var selected = session.Selected;
        var meant = options is { } returned ? SearchResponse.Meant(returned, found, partial) : found;
        if (options?.HasFlag(SearchReturn.Save) == true)
        {
            selected.Saved = selected.Uids(meant.Order());
        }

        var numbers = found.ConvertAll(i => call.IsUid ? selected.Rows[i].Uid : (uint)i + 1);
        var modSeq = program.UsesModSeq && meant.Count > 0 ? meant.Max(i => selected.Rows[i].ModSeq) : 0;
        await (options is { } extended
            ? SearchResponse.WriteExtendedAsync(session, call, extended, numbers, modSeq, relevancy is null ? null : found.ConvertAll(i => relevancy[i]), partial)
            : SearchResponse.WritePlainAsync(session, name, numbers, modSeq));
    }

    /// <summary>A search that was to be saved and is refused leaves nothing saved (RFC 5182 section 2.1).</summary>
    private static void ForgetSaved(SelectedFolder selected, bool wasToBeSaved)
    {
        if (wasToBeSaved)
        {
            selected.Saved = [];
        }
    }
}
