using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Responses;

/// <summary>The answers of SEARCH and SORT: plain lists (RFC 3501 section 7.2.5, RFC 5256) and ESEARCH (RFC 4731, RFC 5267, RFC 6203, RFC 9394).</summary>
internal static class SearchResponse
{
    private const SearchReturn Told = SearchReturn.Min | SearchReturn.Max | SearchReturn.All | SearchReturn.Count | SearchReturn.Relevancy | SearchReturn.Partial;

    /// <summary>Writes <c>* SEARCH 2 3</c>; a long answer leaves as it is made.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="name">SEARCH or SORT.</param>
    /// <param name="numbers">Sequence numbers or UIDs in the order of the answer.</param>
    /// <param name="modSeq">Highest MODSEQ of the messages; zero is not told.</param>
    public static async Task WritePlainAsync(ImapSession session, string name, IReadOnlyList<uint> numbers, long modSeq)
    {
        session.Writer.Raw("* "u8).Text(name);
        foreach (var number in numbers)
        {
            session.Writer.Space().Number(number);
            await session.Connection.FlushIfManyAsync();
        }

        if (modSeq > 0)
        {
            session.Writer.Raw(" (MODSEQ "u8).Number(modSeq).Raw(")"u8);
        }

        session.Writer.Line();
    }

    /// <summary>Writes <c>* ESEARCH (TAG "a") UID MIN 2 COUNT 3</c>; nothing when the result is only saved.</summary>
    public static async Task WriteExtendedAsync(
        ImapSession session, CommandCall call, SearchReturn options, List<uint> numbers, long modSeq, IReadOnlyList<int>? relevancy, ResultRange? partial)
    {
        if ((options & Told) == 0)
        {
            return;
        }

        var writer = session.Writer.Raw("* ESEARCH (TAG "u8).String(call.Head.Tag).Raw(")"u8);
        if (call.IsUid)
        {
            writer.Raw(" UID"u8);
        }

        if (numbers.Count > 0 && options.HasFlag(SearchReturn.Min))
        {
            writer.Raw(" MIN "u8).Number(numbers[0]);
        }

        if (numbers.Count > 0 && options.HasFlag(SearchReturn.Max))
        {
            writer.Raw(" MAX "u8).Number(numbers[^1]);
        }

        if (options.HasFlag(SearchReturn.Count))
        {
            writer.Raw(" COUNT "u8).Number(numbers.Count);
        }

        if (numbers.Count > 0 && options.HasFlag(SearchReturn.All))
        {
            writer.Raw(" ALL "u8);
            await WriteSetAsync(session, numbers);
        }

        if (partial is { } range)
        {
            var some = range.Of(numbers);
            writer.Raw(" PARTIAL ("u8).Text(range.ToString()).Text(some.Count == 0 ? " NIL" : " ");
            await WriteSetAsync(session, some);
            writer.Raw(")"u8);
        }

        if (relevancy?.Count > 0 && options.HasFlag(SearchReturn.Relevancy))
        {
            writer.Raw(" RELEVANCY ("u8);
            for (var i = 0; i < relevancy.Count; i++)
            {
                writer.Raw(i > 0 ? " "u8 : []).Number(relevancy[i]);
                await session.Connection.FlushIfManyAsync();
            }

            writer.Raw(")"u8);
        }

        if (modSeq > 0)
        {
            writer.Raw(" MODSEQ "u8).Number(modSeq);
        }

        writer.Line();
    }

    /// <summary>Which of the found messages the answer is about: for MIN and MAX alone the first and the last (RFC 5182 section 2.4, RFC 7162 section 3.1.10), for PARTIAL alone those of its range.</summary>
    public static IReadOnlyList<int> Meant(SearchReturn options, List<int> found, ResultRange? partial)
    {
        if (partial is { } range && (options & (SearchReturn.Count | SearchReturn.Relevancy)) == 0)
        {
            return range.Of(found);
        }

        var ends = options & (SearchReturn.Min | SearchReturn.Max);
        return found.Count == 0 || ends == 0 || (options & (SearchReturn.All | SearchReturn.Count | SearchReturn.Relevancy)) != 0 ? found
            : ends == SearchReturn.Min ? [found[0]]
            : ends == SearchReturn.Max || found.Count == 1 ? [found[^1]]
            : [found[0], found[^1]];
    }

    /// <summary>A set in the order given: only what ascends without a gap becomes a range.</summary>
    private static async Task WriteSetAsync(ImapSession session, IReadOnlyList<uint> numbers)
    {
        for (var i = 0; i < numbers.Count;)
        {
            var end = i;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1)
            {
                end++;
            }

            session.Writer.Raw(i > 0 ? ","u8 : []).Number(numbers[i]);
            if (end > i)
            {
                session.Writer.Raw(":"u8).Number(numbers[end]);
            }

            i = end + 1;
            await session.Connection.FlushIfManyAsync();
        }
    }
}
