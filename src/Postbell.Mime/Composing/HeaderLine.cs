using System.Text;

namespace Postbell.Mime.Composing;

/// <summary>Builds one header field: folds it before column 77 and lets nothing but visible ASCII into it.</summary>
internal sealed class HeaderLine
{
    private const int FoldColumn = 76;

    // An unbroken run longer than this is encoded instead, so that no line can grow past the 998 of RFC 5322.
    private const int MaxPlainWord = 200;

    // RFC 5321 section 4.5.3.1.
    private const int MaxLocalPart = 64;
    private const int MaxDomain = 255;

    private readonly StringBuilder _text = new();
    private int _column;

    public HeaderLine(string name)
    {
        if (name.Length is 0 or > 70 || name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException($"\"{name}\" is no header field name.", nameof(name));
        }

        _text.Append(name).Append(':');
        _column = name.Length + 1;
    }

    /// <summary>Appends free text: plain where it is plain ASCII, else as encoded words.</summary>
    public void AppendText(string text)
    {
        var line = OneLine(text);
        if (IsPlain(line))
        {
            foreach (var word in line.Split(' '))
            {
                AppendWord(word);
            }
        }
        else
        {
            AppendEncoded(line);
        }
    }

    /// <summary>Appends an address, with a comma when others follow.</summary>
    public void AppendAddress(MimeAddress address, bool last)
    {
        var comma = last ? "" : ",";
        var specification = Specification(address) + comma;
        var name = OneLine(address.Name ?? "");
        if (name.Length == 0)
        {
            AppendWord(specification);
            return;
        }

        AppendPhrase(name);
        AppendWord("<" + Specification(address) + ">" + comma);
    }

    /// <summary>Appends <c>; name="value"</c>; a value that is not plain ASCII gets an ASCII stand-in and the true one after RFC 2231.</summary>
    public void AppendParameter(string name, string value)
    {
        var line = OneLine(value);
        AppendToken(name + "=\"" + Quote(ToAscii(line)) + "\"");
        if (IsPlainValue(line))
        {
            return;
        }

        var segments = PercentEncoded(line, FoldColumn - name.Length - 8);
        for (var i = 0; i < segments.Count; i++)
        {
            var number = segments.Count == 1 ? "*=" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"*{i}*=");
            AppendToken(name + number + (i == 0 ? "utf-8''" : "") + segments[i]);
        }
    }

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(_text + "\r\n");

    /// <summary>Line breaks and control characters as blanks, runs of blanks as one, ends trimmed, lone surrogates replaced.</summary>
    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString().TrimEnd(' ');
    }

    // Text that looks like an encoded word must be encoded itself, or a reader would decode what nobody encoded.
    private static bool IsPlain(string line) =>
        !line.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && !line.Contains("=?", StringComparison.Ordinal)
        && line.Split(' ').All(static word => word.Length <= MaxPlainWord);

    private static bool IsPlainValue(string line) => line.Length <= 60 && IsPlain(line);

    private static string Specification(MimeAddress address)
    {
        var mailbox = AddressPart(address.Mailbox, MaxLocalPart);
        var host = AddressPart(address.Host, MaxDomain);
        return host.Length == 0 ? mailbox : mailbox + "@" + host;
    }

    // An address is made by the system; whatever could end it or start another is taken out.
    private static string AddressPart(string? part, int limit) =>
        string.Concat((part ?? "").Take(limit).Where(static c => c is > ' ' and <= '~' and not ('<' or '>' or '(' or ')' or ',' or ';' or ':' or '\\' or '"' or '@' or '[' or ']')));

    private static string Quote(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string ToAscii(string line)
    {
        var ascii = string.Concat(line.EnumerateRunes().Select(static r => r.IsAscii ? r.ToString() : "_")).Replace("=?", "=_", StringComparison.Ordinal);
        return ascii.Length <= 60 ? ascii : ascii[..30] + ascii[^30..];
    }

    private static List<string> PercentEncoded(string line, int width)
    {
        var segments = new List<string>();
        var segment = new StringBuilder();
        var room = width - "utf-8''".Length;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in line.EnumerateRunes())
        {
            var encoded = new StringBuilder();
            var length = rune.EncodeToUtf8(bytes);
            foreach (var b in bytes[..length])
            {
                encoded.Append(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' ? ((char)b).ToString() : $"%{b:X2}");
            }

            if (segment.Length + encoded.Length > room)
            {
                segments.Add(segment.ToString());
                segment.Clear();
                room = width;
            }

            segment.Append(encoded);
        }

        segments.Add(segment.ToString());
        return segments;
    }

    private void AppendPhrase(string name)
    {
        if (!IsPlain(name))
        {
            AppendEncoded(name);
            return;
        }

        var words = name.Split(' ');
        var isAtoms = words.All(static word => word.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal)));
        if (!isAtoms)
        {
            words = ("\"" + Quote(name) + "\"").Split(' ');
        }

        foreach (var word in words)
        {
            AppendWord(word);
        }
    }

    private void AppendEncoded(string line)
    {
        var position = 0;
        while (position < line.Length)
        {
            // A first word takes what is left on the line when that is worth the trouble.
            var room = FoldColumn - _column - 1;
            var (word, length) = EncodedWordWriter.Next(line.AsSpan(position), room >= 30 ? Math.Min(room, EncodedWordWriter.MaxLength) : EncodedWordWriter.MaxLength);
            AppendWord(word);
            position += length;
        }
    }

    private void AppendWord(string word)
    {
        if (_column + 1 + word.Length > FoldColumn && _column > 1 && word.Length > 0 && HasWord())
        {
            _text.Append("\r\n");
            _column = 0;
        }

        _text.Append(' ').Append(word);
        _column += 1 + word.Length;
    }

    private void AppendToken(string token)
    {
        _text.Append(';');
        _column++;
        AppendWord(token);
    }

    // The first word stays on the line of the name: a line of blanks only must never arise.
    private bool HasWord() => _text[^1] != ':';
}
