using System.Buffers;

namespace Postbell.Smtp.Client;

/// <summary>Doubles the dot at the beginning of a line (RFC 5321 section 4.5.2). It is fed in pieces of a message whose line ends are all CRLF.</summary>
public sealed class DotStuffer
{
    private bool _atLineStart = true;

    /// <summary>Takes the next piece.</summary>
    public void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        while (!piece.IsEmpty)
        {
            if (_atLineStart && piece[0] == '.')
            {
                output.Write("."u8);
            }

            var end = piece.IndexOf((byte)'\n');
            var line = end < 0 ? piece : piece[..(end + 1)];
            output.Write(line);
            _atLineStart = end >= 0;
            piece = piece[line.Length..];
        }
    }
}
