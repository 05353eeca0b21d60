using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>SEARCH and UID SEARCH, RFC 3501 6.4.4. The store searches; the session turns numbers into UIDs and back.</summary>
internal static class Search
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!SearchRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var selected = session.Selected;
        var withModSeq = UsesModSeq(request.Key);
        if (withModSeq)
        {
            session.UseCondStore();
            await selected.NoteAsync(always: false, ct);
        }

        long highest = 0;
        var found = await session.Mailbox.SearchAsync(selected.Folder.Id, Criterion(request.Key, selected), ct);
        session.Writer.Raw("* SEARCH"u8);
        foreach (var uid in found)
        {
            // Messages the client has not been told of have no number yet.
            if (selected.IndexOf(uid) is var at and >= 0)
            {
                session.Writer.Space().Number(call.IsUid ? uid : at + 1);
                highest = Math.Max(highest, selected.Rows[at].ModSeq);
            }
        }

        if (withModSeq && highest > 0)
        {
            session.Writer.Raw(" (MODSEQ "u8).Number(highest).Raw(")"u8);
        }

        session.Writer.Line();
        return CommandResult.Ok("Search done");
    }

    private static SearchCriterion Criterion(SearchKey key, SelectedFolder selected) => key switch
    {
        SearchKey.All => SearchCriterion.All,
        SearchKey.Recent => new SearchCriterion.Uids([new UidRange(Math.Max(1, selected.FirstRecentUid), uint.MaxValue)]),
        SearchKey.Flag flag => Flag(flag),
        SearchKey.Header header => new SearchCriterion.HeaderContains(header.Name, header.Text),
        SearchKey.Content { WithHeaders: true } content => new SearchCriterion.TextContains(content.Text),
        SearchKey.Content content => new SearchCriterion.BodyContains(content.Text),
        SearchKey.Date date => Date(date),
        SearchKey.Larger larger => new SearchCriterion.LargerThan(larger.Bytes),
        SearchKey.Smaller smaller => new SearchCriterion.SmallerThan(smaller.Bytes),
        SearchKey.Numbers numbers => Messages(numbers.Set, selected, uid: false),
        SearchKey.Uids uids => Messages(uids.Set, selected, uid: true),
        SearchKey.ModSeq modSeq => new SearchCriterion.ModSeqAtLeast(modSeq.AtLeast),
        SearchKey.Not not => new SearchCriterion.Not(Criterion(not.Key, selected)),
        SearchKey.Or or => new SearchCriterion.Either(Criterion(or.Left, selected), Criterion(or.Right, selected)),
        SearchKey.And and => new SearchCriterion.AllOf([.. and.Keys.Select(k => Criterion(k, selected))]),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    /// <summary>True when MODSEQ stands anywhere in the keys: the answer then names the highest one found (RFC 7162 section 3.1.5).</summary>
    private static bool UsesModSeq(SearchKey key) => key switch
    {
        SearchKey.ModSeq => true,
        SearchKey.Not not => UsesModSeq(not.Key),
        SearchKey.Or or => UsesModSeq(or.Left) || UsesModSeq(or.Right),
        SearchKey.And and => and.Keys.Any(UsesModSeq),
        _ => false,
    };

    private static SearchCriterion Flag(SearchKey.Flag flag)
    {
        var has = new SearchCriterion.HasFlags(MessageFlags.Parse([flag.Name]));
        return flag.IsSet ? has : new SearchCriterion.Not(has);
    }

    private static SearchCriterion Date(SearchKey.Date date)
    {
        DateOnly? from = date.Comparison == DateComparison.Before ? null : date.Day;
        DateOnly? before = date.Comparison switch
        {
            DateComparison.Before => date.Day,
            DateComparison.On => date.Day < DateOnly.MaxValue ? date.Day.AddDays(1) : null,
            _ => null,
        };
        return date.Sent ? new SearchCriterion.SentDate(from, before) : new SearchCriterion.InternalDate(from, before);
    }

    /// <summary>Numbers beyond the last message find nothing here: a search is a question, not an order.</summary>
    private static SearchCriterion.Uids Messages(SequenceSet set, SelectedFolder selected, bool uid) =>
        new(selected.Uids(selected.Resolve(set, uid)));
}
