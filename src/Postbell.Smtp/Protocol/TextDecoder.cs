using System.Buffers;

namespace Postbell.Smtp.Protocol;

/// <summary>
/// Takes the text of DATA as it comes, in any pieces: strips the dots (RFC 5321 section 4.5.2), finds the end, and finds line ends that are none.
/// Only CRLF.CRLF ends a message.
/// </summary>
internal struct TextDecoder(int maxLine, bool dots)
{
    private Place _place = Place.LineStart;
    private int _line;

    private enum Place
    {
        LineStart,
        Line,
        Cr,
        Dot,
        DotCr,
    }

    /// <summary>First thing that was wrong.</summary>
    public TextFault Fault { get; private set; }

    /// <summary>True when the end was seen. Without dots (BDAT) there is none to see.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>True when the last line was ended, or nothing has come yet.</summary>
    public readonly bool IsAtLineStart => _place == Place.LineStart;

    /// <summary>Decodes a piece into <paramref name="sink"/>; stops behind the end or at a bare CR or LF.</summary>
    /// <returns>Bytes taken.</returns>
    public int Take(ReadOnlySpan<byte> piece, IBufferWriter<byte> sink)
    {
        var at = 0;
        while (at < piece.Length && !IsEnded && (Fault is TextFault.None or TextFault.LineTooLong))
        {
            var lines = WholeLines(piece[at..]);
            if (lines > 0)
            {
                sink.Write(piece.Slice(at, lines));
                at += lines;
            }
            else if (_place == Place.Line && piece[at..].IndexOfAny((byte)'\r', (byte)'\n') is var run and not 0)
            {
                run = run < 0 ? piece.Length - at : run;
                Put(piece.Slice(at, run), sink);
                at += run;
            }
            else
            {
                Step(piece[at++], sink);
            }
        }

        return at;
    }

    /// <summary>How much of a piece is lines that are taken as they are: whole, not too long, without a dot in front. Most of any message is.</summary>
    private int WholeLines(ReadOnlySpan<byte> piece)
    {
        var at = 0;
        while (Fault == TextFault.None && _place is Place.LineStart or Place.Line)
        {
            var rest = piece[at..];
            var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0 || end + 1 >= rest.Length || rest[end] != '\r' || rest[end + 1] != '\n'
                || _line + end + 2 > maxLine || (_place == Place.LineStart && dots && rest[0] == '.'))
            {
                break;
            }

            at += end + 2;
            _line = 0;
            _place = Place.LineStart;
        }

        return at;
    }

    /// <summary>Nothing more comes (BDAT LAST): a CR at the very end is a bare one.</summary>
    public void Finish()
    {
        if (_place is Place.Cr && Fault == TextFault.None)
        {
            Fault = TextFault.BareCr;
        }
    }

    private void Step(byte b, IBufferWriter<byte> sink)
    {
        switch (_place)
        {
            case Place.Cr or Place.DotCr when b == '\n':
                IsEnded = _place == Place.DotCr;
                if (!IsEnded)
                {
                    Put("\r\n"u8, sink);
                }

                _line = 0;
                _place = Place.LineStart;
                break;
            case Place.Cr or Place.DotCr:
                Fault = TextFault.BareCr;
                break;
            case Place.Dot when b == '\r':
                _place = Place.DotCr;
                break;
            case Place.LineStart when dots && b == '.':
                _place = Place.Dot;
                break;
            default:
                Character(b, sink);
                break;
        }
    }

    private void Character(byte b, IBufferWriter<byte> sink)
    {
        switch (b)
        {
            case (byte)'\n':
                Fault = TextFault.BareLf;
                break;
            case (byte)'\r':
                _place = Place.Cr;
                break;
            default:
                Put([b], sink);
                _place = Place.Line;
                break;
        }
    }

    private void Put(ReadOnlySpan<byte> bytes, IBufferWriter<byte> sink)
    {
        _line += bytes.Length;
        if (_line > maxLine)
        {
            Fault = TextFault.LineTooLong;
        }

        if (Fault == TextFault.None)
        {
            sink.Write(bytes);
        }
    }
}
