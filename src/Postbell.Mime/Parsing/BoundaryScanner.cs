namespace Postbell.Mime.Parsing;

/// <summary>Finds the boundary lines of one multipart: two hyphens and the boundary at the start of a line, nothing but blanks behind.</summary>
internal ref struct BoundaryScanner(ReadOnlySpan<byte> source, int from, byte[] boundary)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private readonly int _from = from;
    private readonly byte[] _marker = [(byte)'-', (byte)'-', .. boundary];
    private int _position = from;

    /// <summary>Start of the line break before the boundary line: where the body before it ends.</summary>
    public int BreakStart { get; private set; }

    /// <summary>First byte behind the boundary line.</summary>
    public int LineEnd { get; private set; }

    /// <summary>True when the line closes the multipart.</summary>
    public bool IsClosing { get; private set; }

    public bool MoveNext()
    {
        while (true)
        {
            var found = _source[_position..].IndexOf(_marker);
            if (found < 0)
            {
                return false;
            }

            var line = _position + found;
            _position = line + _marker.Length;
            if (IsLineStart(line) && TryReadEnd(_position))
            {
                _position = LineEnd;
                BreakStart = StartOfBreak(line);
                return true;
            }
        }
    }

    private readonly bool IsLineStart(int at) => at == _from || _source[at - 1] == '\n';

    private bool TryReadEnd(int at)
    {
        var closing = _source[at..].StartsWith("--"u8);
        var rest = closing ? at + 2 : at;
        while (rest < _source.Length && _source[rest] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            rest++;
        }

        if (rest < _source.Length && _source[rest] != '\n')
        {
            return false;
        }

        IsClosing = closing;
        LineEnd = Math.Min(rest + 1, _source.Length);
        return true;
    }

    private readonly int StartOfBreak(int line)
    {
        if (line == _from)
        {
            return line;
        }

        var feed = line - 1;
        return feed > _from && _source[feed - 1] == '\r' ? feed - 1 : feed;
    }
}
