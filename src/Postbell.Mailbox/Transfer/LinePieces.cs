namespace Postbell.Mailbox.Transfer;

/// <summary>A file line by line, without line ends; a line longer than the buffer comes in pieces.</summary>
internal sealed class LinePieces(Stream file)
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _lineBegins = true;
    private bool _ended;

    /// <summary>The piece; valid until the next.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>True when the piece begins a line.</summary>
    public bool Begins { get; private set; }

    /// <summary>True when the piece ends a line, or the file.</summary>
    public bool Ends { get; private set; }

    public async ValueTask<bool> MoveNextAsync(CancellationToken ct)
    {
        while (true)
        {
            var feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                return Take(feed, skip: 1, ends: true);
            }

            if (_end - _start == BufferSize)
            {
                // A CR at the end may belong to a line end whose LF comes next.
                return _buffer[_end - 1] == '\r' ? Take(BufferSize - 1, skip: 0, ends: false) : Take(BufferSize, skip: 0, ends: false);
            }

            if (_ended)
            {
                return (_end > _start || !_lineBegins) && Take(_end - _start, skip: 0, ends: true);
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var count = await file.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
            _end += count;
            _ended = count == 0;
        }
    }

    private bool Take(int length, int skip, bool ends)
    {
        var line = _buffer.AsMemory(_start, length);
        Current = ends && length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;
        (Begins, Ends, _lineBegins) = (_lineBegins, ends, ends);
        _start += length + skip;
        return true;
    }
}
