using System.Buffers;

namespace Postbell.Mailbox.Transfer;

/// <summary>
/// Turns CRLF into LF piece by piece and, for mbox, puts a <c>&gt;</c> before every line that looks like the beginning of a message, quoted or not. Holds a few bytes
/// only, whatever the lines are like.
/// </summary>
internal sealed class UnixLines(bool quotesFrom)
{
    /// <summary>A line with more of them than this is no quoted "From " line.</summary>
    public const int MaxQuotes = 1000;

    private static ReadOnlySpan<byte> From => "From "u8;

    private bool _lineBegins = true;
    private bool _heldReturn;
    private int _quotes;
    private int _matched;

    public void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> to)
    {
        while (!piece.IsEmpty)
        {
            if (_heldReturn)
            {
                _heldReturn = false;
                if (piece[0] != '\n')
                {
                    Put((byte)'\r', to);
                }
            }

            if (_lineBegins && quotesFrom)
            {
                piece = Match(piece, to);
                continue;
            }

            var end = piece.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0)
            {
                _lineBegins = false;
                to.Write(piece);
                return;
            }

            to.Write(piece[..end]);
            if (piece[end] == '\n')
            {
                to.Write("\n"u8);
                _lineBegins = true;
            }
            else
            {
                _lineBegins &= end == 0;
                _heldReturn = true;
            }

            piece = piece[(end + 1)..];
        }
    }

    /// <summary>Writes what is still held, and a line end when the last line has none.</summary>
    public void Finish(IBufferWriter<byte> to)
    {
        if (_heldReturn)
        {
            _heldReturn = false;
            Put((byte)'\r', to);
        }

        Release(to, quote: false);
        if (!_lineBegins)
        {
            to.Write("\n"u8);
            _lineBegins = true;
        }
    }

    private void Put(byte value, IBufferWriter<byte> to)
    {
        Release(to, quote: false);
        _lineBegins = false;
        to.Write([value]);
    }

    // At the beginning of a line: as many ">" as there are, then perhaps "From ".
    private ReadOnlySpan<byte> Match(ReadOnlySpan<byte> piece, IBufferWriter<byte> to)
    {
        if (_matched == 0 && piece[0] == '>' && _quotes < MaxQuotes)
        {
            _quotes++;
            return piece[1..];
        }

        if (piece[0] == From[_matched])
        {
            _matched++;
            if (_matched == From.Length)
            {
                Release(to, quote: true);
                _lineBegins = false;
            }

            return piece[1..];
        }

        if (_quotes > 0 || _matched > 0)
        {
            Release(to, quote: false);
            _lineBegins = false;
            return piece;
        }

        if (piece[0] == '\r')
        {
            _heldReturn = true;
            return piece[1..];
        }

        if (piece[0] == '\n')
        {
            to.Write("\n"u8);
            return piece[1..];
        }

        _lineBegins = false;
        return piece;
    }

    private void Release(IBufferWriter<byte> to, bool quote)
    {
        if (_quotes == 0 && _matched == 0)
        {
            return;
        }

        _quotes += quote ? 1 : 0;
        for (; _quotes > 0; _quotes--)
        {
            to.Write(">"u8);
        }

        to.Write(From[.._matched]);
        _matched = 0;
        _lineBegins = false;
    }
}
