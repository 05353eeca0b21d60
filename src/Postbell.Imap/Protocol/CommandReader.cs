using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>
/// Reads the pieces of one command from its bytes, in place: the line (or lines, where literals stand between) without the final CRLF.
/// Every method leaves <see cref="Position"/> after what it took; when it returns false, <see cref="Failure"/> names the reason and
/// <see cref="Position"/> is where it was noticed. RFC 3501 section 9.
/// </summary>
internal ref partial struct CommandReader(ReadOnlySpan<byte> text, ImapLimits limits, int start = 0, bool utf8Names = false)
{
    private static readonly SearchValues<byte> AtomBytes = SearchValues.Create(AtomAlphabet("\"%()*\\]{"));
    private static readonly SearchValues<byte> AStringBytes = SearchValues.Create(AtomAlphabet("\"%()*\\{"));
    private static readonly SearchValues<byte> ListMailboxBytes = SearchValues.Create(AtomAlphabet("\"()\\{"));
    private static readonly SearchValues<byte> ItemNameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789."u8);

    private static readonly SearchValues<byte> TagBytes = SearchValues.Create(AtomAlphabet("\"%()*+\\{"));

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ImapLimits _limits = limits;
    private readonly bool _utf8Names = utf8Names;

    /// <summary>Offset of the next byte to read.</summary>
    public int Position { get; private set; } = start;

    /// <summary>The first failure met; <see cref="ParseFailure.None"/> so long as all went well.</summary>
    public ParseFailure Failure { get; private set; }

    public readonly ImapLimits Limits => _limits;

    public readonly bool NextIsDigit => Position < _text.Length && _text[Position] is >= (byte)'0' and <= (byte)'9';

    public readonly bool AtEnd => Position >= _text.Length;

    /// <summary>Everything not read yet, taken as it is.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        var rest = _text[Position..];
        Position = _text.Length;
        return rest;
    }

    /// <summary>Notes the reason (the first one stays) and returns false, so that callers can <c>return reader.Fail(...)</c>.</summary>
    public bool Fail(ParseFailure failure)
    {
        if (Failure == ParseFailure.None)
        {
            Failure = failure;
        }

        return false;
    }

    public readonly bool NextIs(byte value) => Position < _text.Length && _text[Position] == value;

    /// <summary>Takes one byte when it is the wanted one; not taking it is no failure.</summary>
    public bool TakeIf(byte value)
    {
        if (!NextIs(value))
        {
            return false;
        }

        Position++;
        return true;
    }

    public bool Expect(byte value, ParseFailure otherwise) => TakeIf(value) || Fail(AtEnd ? ParseFailure.UnexpectedEnd : otherwise);

    public bool Space() => Expect((byte)' ', ParseFailure.SpaceExpected);

    /// <summary>The command must end here. Trailing spaces are forgiven: several clients send them.</summary>
    public bool End()
    {
        while (TakeIf((byte)' '))
        {
        }

        return AtEnd || Fail(ParseFailure.TrailingCharacters);
    }

    public bool Tag(out ReadOnlySpan<byte> tag) => Run(TagBytes, ParseFailure.TagMissing, out tag);

    public bool Atom(out ReadOnlySpan<byte> atom) => Run(AtomBytes, ParseFailure.AtomExpected, out atom);

    /// <summary>The name of a FETCH, STATUS or section item: letters, digits and dots, ending before any bracket. None there is no failure yet.</summary>
    public bool ItemName(out ReadOnlySpan<byte> name)
    {
        var rest = _text[Position..];
        var length = rest.IndexOfAnyExcept(ItemNameBytes);
        name = length < 0 ? rest : rest[..length];
        Position += name.Length;
        return name.Length > 0;
    }

    /// <summary>Takes an atom when it is this word in any case, ending at a delimiter; not taking it is no failure.</summary>
    public bool TakeWord(ReadOnlySpan<byte> word)
    {
        var rest = _text[Position..];
        if (rest.Length < word.Length || !Ascii.EqualsIgnoreCase(rest[..word.Length], word)
            || (rest.Length > word.Length && AtomBytes.Contains(rest[word.Length])))
        {
            return false;
        }

        Position += word.Length;
        return true;
    }

    /// <summary>Takes this text in any case, whatever follows it; not taking it is no failure.</summary>
    public bool TakeText(ReadOnlySpan<byte> text)
    {
        var rest = _text[Position..];
        if (rest.Length < text.Length || !Ascii.EqualsIgnoreCase(rest[..text.Length], text))
        {
            return false;
        }

        Position += text.Length;
        return true;
    }

    /// <summary>atom, quoted string or literal; also <c>]</c> is allowed in an atom (astring).</summary>
    public bool AString(out byte[] value) =>
        NextIs((byte)'"') || NextIs((byte)'{') ? String(out value) : Copy(AStringBytes, ParseFailure.StringExpected, out value);

    /// <summary>The pattern of LIST and LSUB: as astring, and the wildcards % and * are allowed unquoted.</summary>
    public bool ListMailbox(out byte[] value) =>
        NextIs((byte)'"') || NextIs((byte)'{') ? String(out value) : Copy(ListMailboxBytes, ParseFailure.StringExpected, out value);

    /// <summary>quoted string or literal.</summary>
    public bool String(out byte[] value)
    {
        if (NextIs((byte)'"'))
        {
            return Quoted(out value);
        }

        if (NextIs((byte)'{'))
        {
            return Literal(out value);
        }

        value = [];
        return Fail(AtEnd ? ParseFailure.UnexpectedEnd : ParseFailure.StringExpected);
    }

    /// <summary>A number that fits 32 bits without sign.</summary>
    public bool Number(out uint value)
    {
        value = 0;
        var rest = _text[Position..];
        var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? rest.Length : digits;
        if (digits == 0)
        {
            return Fail(AtEnd ? ParseFailure.UnexpectedEnd : ParseFailure.NumberExpected);
        }

        if (!Utf8Parser.TryParse(rest[..digits], out value, out var used) || used != digits)
        {
            return Fail(ParseFailure.NumberTooLarge);
        }

        Position += digits;
        return true;
    }

    /// <summary>A number from 1 on that fits 32 bits.</summary>
    public bool NonZeroNumber(out uint value) => Number(out value) && (value != 0 || Fail(ParseFailure.NumberZero));

    /// <summary>A MODSEQ: a number that fits 63 bits (RFC 7162). Zero, which no message has, is taken: it means before everything.</summary>
    public bool ModSequence(out long value) => Number64(out value);

    /// <summary>A number that fits 63 bits (number64 of RFC 9051).</summary>
    public bool Number64(out long value)
    {
        value = 0;
        var rest = _text[Position..];
        var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? rest.Length : digits;
        if (digits == 0)
        {
            return Fail(AtEnd ? ParseFailure.UnexpectedEnd : ParseFailure.NumberExpected);
        }

        if (!Utf8Parser.TryParse(rest[..digits], out value, out var used) || used != digits)
        {
            return Fail(ParseFailure.NumberTooLarge);
        }

        Position += digits;
        return true;
    }

    /// <summary>The announcement of a literal whose bytes are not part of this text; the text must end with it.</summary>
    public bool LiteralAnnouncement(out LiteralMark mark)
    {
        if (!LiteralMark.TryParse(_text[Position..], out mark) || mark.MarkLength != _text.Length - Position)
        {
            return Fail(AtEnd ? ParseFailure.UnexpectedEnd : ParseFailure.LiteralInvalid);
        }

        Position += mark.MarkLength;
        return true;
    }

    private bool Run(SearchValues<byte> allowed, ParseFailure otherwise, out ReadOnlySpan<byte> run)
    {
        var rest = _text[Position..];
        var length = rest.IndexOfAnyExcept(allowed);
        run = length < 0 ? rest : rest[..length];
        Position += run.Length;
        return run.Length > 0 || Fail(AtEnd && otherwise != ParseFailure.TagMissing ? ParseFailure.UnexpectedEnd : otherwise);
    }

    private bool Copy(SearchValues<byte> allowed, ParseFailure otherwise, out byte[] value)
    {
        var taken = Run(allowed, otherwise, out var run);
        value = run.ToArray();
        return taken;
    }

    private bool Quoted(out byte[] value)
    {
        value = [];
        var first = ++Position;
        var escapes = 0;
        for (; Position < _text.Length; Position++)
        {
            switch (_text[Position])
            {
                case (byte)'"':
                    value = Unescape(_text[first..Position], escapes);
                    Position++;
                    return true;
                case (byte)'\\':
                    Position++;
                    escapes++;
                    if (AtEnd)
                    {
                        return Fail(ParseFailure.QuotedUnterminated);
                    }

                    // RFC 3501 allows \" and \\ only; others send \ before any character.
                    goto default;
                default:
                    if (_text[Position] is 0 or (byte)'\r' or (byte)'\n')
                    {
                        return Fail(ParseFailure.QuotedCharacterInvalid);
                    }

                    break;
            }
        }

        return Fail(ParseFailure.QuotedUnterminated);
    }

    private static byte[] Unescape(ReadOnlySpan<byte> quoted, int escapes)
    {
        if (escapes == 0)
        {
            return quoted.ToArray();
        }

        var value = new byte[quoted.Length - escapes];
        var to = 0;
        for (var from = 0; from < quoted.Length; from++)
        {
            if (quoted[from] == '\\')
            {
                from++;
            }

            value[to++] = quoted[from];
        }

        return value;
    }

    /// <summary>quoted string, literal, or literal8 (RFC 3516), whose bytes may be any.</summary>
    public bool AnyBytes(out byte[] value) => TakeIf((byte)'~') ? Literal(out value, any: true) : String(out value);

    private bool Literal(out byte[] value, bool any = false)
    {
        value = [];
        if (!LiteralMark.TryParse(_text[Position..], out var mark))
        {
            return Fail(ParseFailure.LiteralInvalid);
        }

        var first = Position + mark.MarkLength;
        if (mark.Length > _text.Length - first)
        {
            return Fail(ParseFailure.LiteralTruncated);
        }

        var bytes = _text.Slice(first, (int)mark.Length);
        if (!any && bytes.Contains((byte)0))
        {
            return Fail(ParseFailure.LiteralHasNul);
        }

        value = bytes.ToArray();
        Position = first + bytes.Length;
        return true;
    }

    private static byte[] AtomAlphabet(string without) =>
        [.. Enumerable.Range(0x21, 0x7f - 0x21).Where(b => !without.Contains((char)b, StringComparison.Ordinal)).Select(b => (byte)b)];
}
