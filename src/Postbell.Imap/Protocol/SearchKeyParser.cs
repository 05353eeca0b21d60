using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>Reads search keys; texts are in the character set the client named.</summary>
internal sealed class SearchKeyParser(Encoding charset)
{
    private int _keys;

    /// <summary>True when MODSEQ was among the keys.</summary>
    public bool MetModSeq { get; private set; }

    /// <summary>True when FUZZY was among the keys.</summary>
    public bool MetFuzzy { get; private set; }

    /// <summary>Keys with spaces between them, all of which must match.</summary>
    public bool TryKeys(ref CommandReader reader, int depth, out SearchKey key)
    {
        var keys = new List<SearchKey>();
        key = null!;
        do
        {
            if (keys.Count > 0 && reader.AtEnd)
            {
                break; // A space at the end of the command.
            }

            if (!TryKey(ref reader, depth, out var one))
            {
                return false;
            }

            keys.Add(one);
        }
        while (reader.TakeIf((byte)' '));
        key = keys.Count == 1 ? keys[0] : new SearchKey.And(keys);
        return true;
    }

    private bool TryKey(ref CommandReader reader, int depth, out SearchKey key)
    {
        key = null!;
        if (++_keys > reader.Limits.ListEntries)
        {
            return reader.Fail(ParseFailure.ListTooLong);
        }

        if (depth > reader.Limits.Depth)
        {
            return reader.Fail(ParseFailure.TooDeep);
        }

        if (reader.TakeIf((byte)'('))
        {
            return TryKeys(ref reader, depth + 1, out key) && reader.Expect((byte)')', ParseFailure.ListUnterminated);
        }

        if (reader.NextIsDigit || reader.NextIs((byte)'*') || reader.NextIs((byte)'$'))
        {
            return reader.SequenceSet(out var set) && (key = new SearchKey.Numbers(set)) is not null;
        }

        if (reader.AtEnd)
        {
            return reader.Fail(ParseFailure.UnexpectedEnd);
        }

        if (!reader.ItemName(out var word))
        {
            return reader.Fail(ParseFailure.SearchKeyUnknown);
        }

        var name = Encoding.ASCII.GetString(word).ToUpperInvariant();
        return TrySimple(name, out key) || TryWithArgument(ref reader, name, depth, out key);
    }

    private static bool TrySimple(string name, out SearchKey key)
    {
        key = name switch
        {
            "ALL" or "SAVEDATESUPPORTED" => new SearchKey.All(),
            "RECENT" => new SearchKey.Recent(),
            "OLD" => new SearchKey.Not(new SearchKey.Recent()),
            "NEW" => new SearchKey.And([new SearchKey.Recent(), new SearchKey.Flag("\\Seen", IsSet: false)]),
            "ANSWERED" => new SearchKey.Flag("\\Answered", IsSet: true),
            "UNANSWERED" => new SearchKey.Flag("\\Answered", IsSet: false),
            "DELETED" => new SearchKey.Flag("\\Deleted", IsSet: true),
            "UNDELETED" => new SearchKey.Flag("\\Deleted", IsSet: false),
            "DRAFT" => new SearchKey.Flag("\\Draft", IsSet: true),
            "UNDRAFT" => new SearchKey.Flag("\\Draft", IsSet: false),
            "FLAGGED" => new SearchKey.Flag("\\Flagged", IsSet: true),
            "UNFLAGGED" => new SearchKey.Flag("\\Flagged", IsSet: false),
            "SEEN" => new SearchKey.Flag("\\Seen", IsSet: true),
            "UNSEEN" => new SearchKey.Flag("\\Seen", IsSet: false),
            _ => null!,
        };
        return key is not null;
    }

    private bool TryWithArgument(ref CommandReader reader, string name, int depth, out SearchKey key)
    {
        key = null!;
        switch (name)
        {
            case "BCC" or "CC" or "FROM" or "SUBJECT" or "TO":
                return TryText(ref reader, out var text) && (key = new SearchKey.Header(name, text)) is not null;
            case "BODY" or "TEXT":
                return TryText(ref reader, out text) && (key = new SearchKey.Content(text, WithHeaders: name == "TEXT")) is not null;
            case "HEADER":
                return TryText(ref reader, out var field) && TryText(ref reader, out text) && (key = new SearchKey.Header(field, text)) is not null;
            case "KEYWORD" or "UNKEYWORD":
                return reader.Space() && reader.Atom(out var flag)
                    && (key = new SearchKey.Flag(Encoding.ASCII.GetString(flag), IsSet: name == "KEYWORD")) is not null;
            case "BEFORE" or "ON" or "SINCE" or "SENTBEFORE" or "SENTON" or "SENTSINCE" or "SAVEDBEFORE" or "SAVEDON" or "SAVEDSINCE":
                return TryDate(ref reader, name, out key);
            case "LARGER":
                return reader.Space() && reader.Number64(out var bytes) && (key = new SearchKey.Larger(bytes)) is not null;
            case "SMALLER":
                return reader.Space() && reader.Number64(out bytes) && (key = new SearchKey.Smaller(bytes)) is not null;
            case "EMAILID":
                return reader.Space() && reader.Atom(out var email) && (key = new SearchKey.EmailId(Encoding.ASCII.GetString(email))) is not null;
            case "THREADID":
                return reader.Space() && reader.Atom(out var thread) && (key = new SearchKey.ThreadId(Encoding.ASCII.GetString(thread))) is not null;
            case "OLDER" or "YOUNGER":
                return reader.Space() && reader.NonZeroNumber(out var seconds)
                    && (key = new SearchKey.Age(seconds, Older: name == "OLDER")) is not null;
            case "MODSEQ":
                return TryModSeq(ref reader, out key);
            case "UID":
                return reader.Space() && reader.SequenceSet(out var set) && (key = new SearchKey.Uids(set)) is not null;
            case "FUZZY":
                MetFuzzy = true;
                return reader.Space() && TryKey(ref reader, depth + 1, out var loose) && (key = new SearchKey.Fuzzy(loose)) is not null;
            case "NOT":
                return reader.Space() && TryKey(ref reader, depth + 1, out var inner) && (key = new SearchKey.Not(inner)) is not null;
            case "OR":
                return reader.Space() && TryKey(ref reader, depth + 1, out var left)
                    && reader.Space() && TryKey(ref reader, depth + 1, out var right)
                    && (key = new SearchKey.Or(left, right)) is not null;
            default:
                return reader.Fail(ParseFailure.SearchKeyUnknown);
        }
    }

    /// <summary>The entry name with its type may stand before the number; flags have one MODSEQ together here, so it decides nothing.</summary>
    private bool TryModSeq(ref CommandReader reader, out SearchKey key)
    {
        key = null!;
        MetModSeq = true;
        if (!reader.Space() || (reader.NextIs((byte)'"') && !TryEntry(ref reader)))
        {
            return false;
        }

        return reader.ModSequence(out var modSeq) && (key = new SearchKey.ModSeq(modSeq)) is not null;
    }

    private static bool TryEntry(ref CommandReader reader) =>
        reader.String(out _) && reader.Space()
        && (reader.TakeWord("all"u8) || reader.TakeWord("shared"u8) || reader.TakeWord("priv"u8) || reader.Fail(ParseFailure.SearchKeyUnknown))
        && reader.Space();

    private static bool TryDate(ref CommandReader reader, string name, out SearchKey key)
    {
        key = null!;
        if (!reader.Space() || !reader.Date(out var day))
        {
            return false;
        }

        var comparison = name.EndsWith("BEFORE", StringComparison.Ordinal) ? DateComparison.Before
            : name.EndsWith("ON", StringComparison.Ordinal) ? DateComparison.On
            : DateComparison.Since;
        key = name.StartsWith("SAVED", StringComparison.Ordinal)
            ? new SearchKey.SaveDate(comparison, day)
            : new SearchKey.Date(comparison, day, Sent: name.StartsWith("SENT", StringComparison.Ordinal));
        return true;
    }

    private bool TryText(ref CommandReader reader, out string text)
    {
        text = "";
        if (!reader.Space() || !reader.AString(out var bytes))
        {
            return false;
        }

        try
        {
            text = charset.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return reader.Fail(ParseFailure.TextInvalidInCharset);
        }
    }
}
