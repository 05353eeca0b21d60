namespace Postbell.Sip.Parsing;

/// <summary>Splits comma lists of header values without being misled by commas in quoted strings or angle brackets (RFC 3261 section 7.3.1).</summary>
public static class SipValueList
{
    /// <summary>The values of one header line, trimmed, empty ones left out.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        if (!line.Contains(','))
        {
            var only = line.Trim();
            return only.Length == 0 ? [] : [only];
        }

        var values = new List<string>();
        var rest = line.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = EndOfFirst(rest);
            var value = rest[..end].Trim();
            if (!value.IsEmpty)
            {
                values.Add(value.ToString());
            }

            rest = end < rest.Length ? rest[(end + 1)..] : [];
        }

        return values;
    }

    /// <summary>Index of the comma that ends the first value, or the length when there is none.</summary>
    internal static int EndOfFirst(ReadOnlySpan<char> text)
    {
        var quoted = false;
        var bracketed = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"' when !bracketed:
                    quoted = !quoted;
                    break;
                case '<' when !quoted:
                    bracketed = true;
                    break;
                case '>' when !quoted:
                    bracketed = false;
                    break;
                case ',' when !quoted && !bracketed:
                    return i;
            }
        }

        return text.Length;
    }
}
