using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>Which names LIST tells (RFC 5258 section 3.1, RFC 6154).</summary>
[Flags]
internal enum ListSelection
{
    All = 0,
    Subscribed = 1,

    /// <summary>Names on other servers too; there are none.</summary>
    Remote = 2,

    /// <summary>Also names whose children are selected.</summary>
    RecursiveMatch = 4,
    SpecialUse = 8,
}

/// <summary>What LIST tells of each name beside the usual (RFC 5258 section 3.2). Children and special uses are always told.</summary>
[Flags]
internal enum ListReturn
{
    None = 0,
    Subscribed = 1,
    Children = 2,
    SpecialUse = 4,

    /// <summary>STATUS of each (RFC 5819).</summary>
    Status = 8,
}

/// <summary>The arguments of LIST and LSUB (RFC 3501 6.3.8), of LIST also the extended ones (RFC 5258).</summary>
/// <param name="Reference">Put before each pattern.</param>
/// <param name="Patterns">Names with the wildcards <c>*</c> (anything) and <c>%</c> (anything within one level).</param>
/// <param name="Selection">Which names.</param>
/// <param name="Return">What of each.</param>
/// <param name="Status">Items of STATUS.</param>
/// <param name="IsExtended">True when anything of RFC 5258 was used.</param>
internal sealed record ListRequest(
    string Reference, IReadOnlyList<string> Patterns, ListSelection Selection, ListReturn Return, StatusItems Status, bool IsExtended)
{
    /// <summary>True for <c>LIST "" ""</c>, which asks for the separator.</summary>
    public bool AsksForSeparator => !IsExtended && Patterns[0].Length == 0;

    public static bool TryParse(ref CommandReader reader, out ListRequest request)
    {
        request = null!;
        var selection = ListSelection.All;
        if (!reader.Space())
        {
            return false;
        }

        var extended = reader.NextIs((byte)'(');
        if ((extended && (!TrySelection(ref reader, out selection) || !reader.Space()))
            || !reader.MailboxPattern(out var reference) || !reader.Space() || !TryPatterns(ref reader, out var patterns, ref extended)
            || !TryReturn(ref reader, out var returned, out var status, ref extended) || !reader.End())
        {
            return false;
        }

        request = new ListRequest(reference, patterns, selection, returned, status, extended);
        return true;
    }

    /// <summary>True when the name is one the patterns name.</summary>
    public bool Matches(string name) =>
        Patterns.Any(pattern => MailboxPattern.Matches(MailboxName.WithInboxInCapitals(Reference + pattern), name));

    private static bool TryPatterns(ref CommandReader reader, out List<string> patterns, ref bool extended)
    {
        patterns = [];
        var many = reader.TakeIf((byte)'(');
        extended |= many;
        do
        {
            if (patterns.Count >= reader.Limits.ListPatterns)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if (!reader.MailboxPattern(out var pattern))
            {
                return false;
            }

            patterns.Add(pattern);
        }
        while (many && reader.TakeIf((byte)' '));
        return !many || reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TrySelection(ref CommandReader reader, out ListSelection selection)
    {
        selection = ListSelection.All;
        reader.TakeIf((byte)'(');
        if (reader.TakeIf((byte)')'))
        {
            return true;
        }

        do
        {
            if (!reader.Atom(out var word))
            {
                return reader.Fail(ParseFailure.ListOptionUnknown);
            }

            var option = Encoding.ASCII.GetString(word).ToUpperInvariant() switch
            {
                "SUBSCRIBED" => ListSelection.Subscribed,
                "REMOTE" => ListSelection.Remote,
                "RECURSIVEMATCH" => ListSelection.RecursiveMatch,
                "SPECIAL-USE" => ListSelection.SpecialUse,
                _ => ListSelection.All,
            };
            if (option == ListSelection.All)
            {
                return reader.Fail(ParseFailure.ListOptionUnknown);
            }

            selection |= option;
        }
        while (reader.TakeIf((byte)' '));

        // RECURSIVEMATCH says how to select and needs something that says what (RFC 5258 section 3.1).
        var nothingToMatch = selection.HasFlag(ListSelection.RecursiveMatch) && (selection & (ListSelection.Subscribed | ListSelection.SpecialUse)) == 0;
        return nothingToMatch ? reader.Fail(ParseFailure.ListOptionAlone) : reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryReturn(ref CommandReader reader, out ListReturn returned, out StatusItems status, ref bool extended)
    {
        returned = ListReturn.None;
        status = StatusItems.None;
        if (!reader.TakeIf((byte)' ') || reader.AtEnd)
        {
            return true;
        }

        extended = true;
        if (!reader.TakeWord("RETURN"u8))
        {
            return reader.Fail(ParseFailure.ListOptionUnknown);
        }

        if (!reader.Space() || !reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        if (reader.TakeIf((byte)')'))
        {
            return true;
        }

        do
        {
            if (!TryReturnOption(ref reader, ref returned, ref status))
            {
                return false;
            }
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryReturnOption(ref CommandReader reader, ref ListReturn returned, ref StatusItems status)
    {
        if (!reader.Atom(out var word))
        {
            return reader.Fail(ParseFailure.ListOptionUnknown);
        }

        var option = Encoding.ASCII.GetString(word).ToUpperInvariant() switch
        {
            "SUBSCRIBED" => ListReturn.Subscribed,
            "CHILDREN" => ListReturn.Children,
            "SPECIAL-USE" => ListReturn.SpecialUse,
            "STATUS" => ListReturn.Status,
            _ => ListReturn.None,
        };
        returned |= option;
        return option switch
        {
            ListReturn.None => reader.Fail(ParseFailure.ListOptionUnknown),
            ListReturn.Status => reader.Space() && StatusRequest.TryItems(ref reader, out status),
            _ => true,
        };
    }
}
