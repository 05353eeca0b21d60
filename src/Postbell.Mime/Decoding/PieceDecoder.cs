using System.Buffers;

namespace Postbell.Mime.Decoding;

/// <summary>
/// Undoes a Content-Transfer-Encoding (RFC 2045 section 6) piece by piece, so that a large body is never held whole. What comes out is the same however the
/// body was cut.
/// </summary>
/// <param name="encoding">The encoding in lower case; one that <see cref="IsKnown"/> does not know leaves the body as it is.</param>
public sealed class PieceDecoder(string encoding)
{
    /// <summary>Octets of a quoted-printable line that are held; a longer one is decoded as if it ended there (RFC 2045 allows 76).</summary>
    private const int LongestLine = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private Base64Group _group;

    /// <summary>True for the encodings of RFC 2045; any other cannot be undone.</summary>
    public static bool IsKnown(string encoding) => IsIdentity(encoding) || encoding is "base64" or "quoted-printable";

    /// <summary>True for the encodings that change nothing.</summary>
    public static bool IsIdentity(string encoding) => encoding is "7bit" or "8bit" or "binary";

    /// <summary>Decodes the next piece.</summary>
    /// <param name="piece">Encoded octets.</param>
    /// <param name="isLast">True when nothing follows.</param>
    /// <param name="output">Where decoded octets go. Some may wait for the next piece.</param>
    public void Decode(ReadOnlySpan<byte> piece, bool isLast, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (encoding)
        {
            case "base64":
                DecodeBase64(piece, isLast, output);
                break;
            case "quoted-printable":
                DecodeQuotedPrintable(piece, isLast, output);
                break;
            default:
                output.Write(piece);
                break;
        }
    }

    private void DecodeBase64(ReadOnlySpan<byte> piece, bool isLast, IBufferWriter<byte> output)
    {
        var room = output.GetSpan(Base64Group.MaxOctets(piece.Length));
        var length = _group.Decode(piece, room);
        output.Advance(length + (isLast ? _group.End(room[length..]) : 0));
    }

    private void DecodeQuotedPrintable(ReadOnlySpan<byte> piece, bool isLast, IBufferWriter<byte> output)
    {
        while (!piece.IsEmpty)
        {
            var feed = piece.IndexOf((byte)'\n');
            var taken = Math.Min(feed < 0 ? piece.Length : feed + 1, LongestLine - _line.WrittenCount);
            _line.Write(piece[..taken]);
            piece = piece[taken..];
            if (_line.WrittenSpan[^1] == '\n' || _line.WrittenCount == LongestLine)
            {
                EndLine(output);
            }
        }

        if (isLast)
        {
            EndLine(output);
        }
    }

    private void EndLine(IBufferWriter<byte> output)
    {
        output.Write(TransferDecoder.QuotedPrintable(_line.WrittenSpan));
        _line.ResetWrittenCount();
    }
}
