namespace Postbell.Mime.Headers;

/// <summary>One header field as it lies in the bytes; offsets count from the start of the span that was read.</summary>
/// <param name="Start">First byte of the name.</param>
/// <param name="NameLength">Bytes of the name.</param>
/// <param name="ValueStart">First byte behind the colon.</param>
/// <param name="End">Behind the last line end of the field.</param>
public readonly record struct HeaderField(int Start, int NameLength, int ValueStart, int End)
{
    /// <summary>The name's bytes.</summary>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> source) => source.Slice(Start, NameLength);

    /// <summary>The value's bytes, folded, with its line ends.</summary>
    public ReadOnlySpan<byte> RawValue(ReadOnlySpan<byte> source) => source[ValueStart..End];

    /// <summary>True when the field has the name; case does not matter.</summary>
    public bool Is(ReadOnlySpan<byte> source, ReadOnlySpan<byte> name) =>
        System.Text.Ascii.EqualsIgnoreCase(Name(source), name);
}

/// <summary>Walks the fields of a header block up to the blank line or the end. Lines that are no field are passed over.</summary>
public ref struct HeaderReader
{
    private readonly ReadOnlySpan<byte> _source;
    private int _position;

    /// <summary>Starts at the first byte of <paramref name="source"/>.</summary>
    public HeaderReader(ReadOnlySpan<byte> source) => _source = source;

    /// <summary>The field read last.</summary>
    public HeaderField Current { get; private set; }

    /// <summary>Makes <c>foreach</c> work.</summary>
    public readonly HeaderReader GetEnumerator() => this;

    /// <summary>Offset of the first byte of the body: behind the blank line, or the end of the bytes when there is none.</summary>
    public static int FindBody(ReadOnlySpan<byte> source)
    {
        var position = 0;
        while (position < source.Length)
        {
            if (source[position] == '\n')
            {
                return position + 1;
            }

            if (source[position] == '\r' && position + 1 < source.Length && source[position + 1] == '\n')
            {
                return position + 2;
            }

            position = NextLine(source, position);
        }

        return source.Length;
    }

    /// <summary>Goes to the next field.</summary>
    public bool MoveNext()
    {
        while (_position < _source.Length && !AtBlankLine())
        {
            var start = _position;
            var end = NextLine(_source, start);
            while (end < _source.Length && _source[end] is (byte)' ' or (byte)'\t')
            {
                end = NextLine(_source, end);
            }

            _position = end;
            var colon = _source[start..end].IndexOf((byte)':');
            if (colon > 0 && IsName(_source.Slice(start, colon), out var nameLength))
            {
                Current = new HeaderField(start, nameLength, start + colon + 1, end);
                return true;
            }
        }

        return false;
    }

    private static int NextLine(ReadOnlySpan<byte> source, int from)
    {
        var feed = source[from..].IndexOf((byte)'\n');
        return feed < 0 ? source.Length : from + feed + 1;
    }

    // Blanks between name and colon are obsolete syntax and allowed; anything else but visible ASCII makes the line no field.
    private static bool IsName(ReadOnlySpan<byte> text, out int length)
    {
        var name = text.TrimEnd(" \t"u8);
        length = name.Length;
        return length > 0 && name.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
    }

    private readonly bool AtBlankLine() =>
        _source[_position] == '\n' || (_source[_position] == '\r' && _position + 1 < _source.Length && _source[_position + 1] == '\n');
}
