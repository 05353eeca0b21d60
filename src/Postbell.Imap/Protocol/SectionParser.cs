using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>Reads <c>[1.2.HEADER.FIELDS (From To)]</c>.</summary>
internal static class SectionParser
{
    public static bool TryParse(ref CommandReader reader, out SectionSpec section)
    {
        section = SectionSpec.Everything;
        if (!reader.Expect((byte)'[', ParseFailure.SectionInvalid))
        {
            return false;
        }

        if (reader.TakeIf((byte)']'))
        {
            return true;
        }

        if (!TryPart(ref reader, out var part, out var wordFollows))
        {
            return false;
        }

        var text = SectionText.Whole;
        List<string> fields = [];
        if (wordFollows && (!TryText(ref reader, part.Count > 0, out text) || !TryFields(ref reader, text, fields)))
        {
            return false;
        }

        if (!reader.Expect((byte)']', ParseFailure.SectionInvalid))
        {
            return false;
        }

        section = new SectionSpec(part, text, fields);
        return true;
    }

    private static bool TryPart(ref CommandReader reader, out List<int> part, out bool wordFollows)
    {
        part = [];
        wordFollows = true;
        while (reader.NextIsDigit)
        {
            if (part.Count >= reader.Limits.Depth * 2)
            {
                return reader.Fail(ParseFailure.TooDeep);
            }

            if (!reader.NonZeroNumber(out var number) || number > int.MaxValue)
            {
                return reader.Fail(ParseFailure.SectionInvalid);
            }

            part.Add((int)number);
            wordFollows = reader.TakeIf((byte)'.');
            if (!wordFollows)
            {
                break;
            }
        }

        return true;
    }

    private static bool TryText(ref CommandReader reader, bool inPart, out SectionText text)
    {
        text = SectionText.Whole;
        if (!reader.ItemName(out var word))
        {
            return reader.Fail(ParseFailure.SectionInvalid);
        }

        SectionText? known = Encoding.ASCII.GetString(word).ToUpperInvariant() switch
        {
            "HEADER" => SectionText.Header,
            "HEADER.FIELDS" => SectionText.HeaderFields,
            "HEADER.FIELDS.NOT" => SectionText.HeaderFieldsNot,
            "TEXT" => SectionText.Text,
            "MIME" when inPart => SectionText.Mime,
            _ => null,
        };
        text = known ?? SectionText.Whole;
        return known is not null || reader.Fail(ParseFailure.SectionInvalid);
    }

    private static bool TryFields(ref CommandReader reader, SectionText text, List<string> fields)
    {
        if (text is not (SectionText.HeaderFields or SectionText.HeaderFieldsNot))
        {
            return true;
        }

        if (!reader.Space() || !reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        do
        {
            if (fields.Count >= reader.Limits.ListEntries)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if (!reader.AString(out var field))
            {
                return false;
            }

            // A header name is printable ASCII without colon (RFC 5322); anything else names no header and could not be echoed.
            if (field.Length == 0 || field.AsSpan().ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
            {
                return reader.Fail(ParseFailure.SectionInvalid);
            }

            fields.Add(Encoding.ASCII.GetString(field));
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }
}
