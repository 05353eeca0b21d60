using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>The arguments of LIST and LSUB (RFC 3501 6.3.8, and the SPECIAL-USE options of RFC 6154).</summary>
/// <param name="Reference">Put before the pattern.</param>
/// <param name="Pattern">A name with the wildcards <c>*</c> (anything) and <c>%</c> (anything within one level); empty asks for the separator.</param>
/// <param name="SpecialUseOnly">Selection option SPECIAL-USE: only folders with a special use.</param>
internal sealed record ListRequest(string Reference, string Pattern, bool SpecialUseOnly)
{
    public static bool TryParse(ref CommandReader reader, out ListRequest request)
    {
        request = null!;
        var specialUseOnly = false;
        if (!reader.Space()
            || (reader.NextIs((byte)'(') && (!TryOptions(ref reader, out specialUseOnly) || !reader.Space()))
            || !reader.MailboxPattern(out var reference)
            || !reader.Space()
            || !reader.MailboxPattern(out var pattern)
            || !TryReturn(ref reader)
            || !reader.End())
        {
            return false;
        }

        request = new ListRequest(reference, pattern, specialUseOnly);
        return true;
    }

    /// <summary>True when the name is one the request asks for.</summary>
    public bool Matches(string name) => MailboxPattern.Matches(MailboxName.WithInboxInCapitals(Reference + Pattern), name);

    private static bool TryReturn(ref CommandReader reader)
    {
        if (!reader.NextIs((byte)' '))
        {
            return true;
        }

        // Special uses are always told, so asking for them changes nothing.
        return reader.Space() && (reader.AtEnd || (reader.TakeWord("RETURN"u8) && reader.Space() && TryOptions(ref reader, out _))
            || reader.Fail(ParseFailure.ListOptionUnknown));
    }

    private static bool TryOptions(ref CommandReader reader, out bool specialUse)
    {
        specialUse = false;
        if (!reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        if (reader.TakeIf((byte)')'))
        {
            return true;
        }

        if (!reader.Atom(out var option) || !Ascii.EqualsIgnoreCase(option, "SPECIAL-USE"u8))
        {
            return reader.Fail(ParseFailure.ListOptionUnknown);
        }

        specialUse = true;
        return reader.Expect((byte)')', ParseFailure.ListOptionUnknown);
    }
}
