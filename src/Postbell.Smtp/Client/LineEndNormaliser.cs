using System.Buffers;

namespace Postbell.Smtp.Client;

/// <summary>
/// Makes every line end of a message CRLF, so that no bare CR or LF leaves this server: what another reads as a line end and we do not is how
/// messages are smuggled. It is fed in pieces, and takes notes of what the message needs from a server.
/// </summary>
public sealed class LineEndNormaliser
{
    private static readonly SearchValues<byte> s_lineEnds = SearchValues.Create("\r\n"u8);
    private bool _afterReturn;
    private bool _lineIsEmpty = true;
    private bool _inHeader = true;

    /// <summary>The message has bytes above 127.</summary>
    public bool IsEightBit { get; private set; }

    /// <summary>Its header has.</summary>
    public bool HasEightBitHeader { get; private set; }

    /// <summary>Takes the next piece.</summary>
    public void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        while (!piece.IsEmpty)
        {
            var end = piece.IndexOfAny(s_lineEnds);
            var text = end < 0 ? piece : piece[..end];
            if (!text.IsEmpty)
            {
                WriteText(text, output);
            }

            if (end < 0)
            {
                return;
            }

            WriteLineEnd(piece[end], output);
            piece = piece[(end + 1)..];
        }
    }

    /// <summary>The message is over: its last line gets its end.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        if (_afterReturn || !_lineIsEmpty)
        {
            EndLine(output);
        }
    }

    private void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (_afterReturn)
        {
            EndLine(output);
        }

        if (text.ContainsAnyInRange((byte)128, (byte)255))
        {
            IsEightBit = true;
            HasEightBitHeader |= _inHeader;
        }

        output.Write(text);
        _lineIsEmpty = false;
    }

    private void WriteLineEnd(byte end, IBufferWriter<byte> output)
    {
        if (end == '\n' || _afterReturn)
        {
            EndLine(output);
        }

        _afterReturn = end == '\r';
    }

    private void EndLine(IBufferWriter<byte> output)
    {
        output.Write("\r\n"u8);
        _inHeader &= !_lineIsEmpty;
        (_lineIsEmpty, _afterReturn) = (true, false);
    }
}
