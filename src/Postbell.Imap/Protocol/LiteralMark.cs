using System.Buffers.Text;

namespace Postbell.Imap.Protocol;

/// <summary>The announcement of a literal, <c>{n}</c> or <c>{n+}</c> (RFC 7888) with its CRLF.</summary>
/// <param name="Length">Bytes that follow.</param>
/// <param name="Waits">True when the client waits for a continuation before it sends them.</param>
/// <param name="MarkLength">Bytes of the announcement itself, with CRLF.</param>
internal readonly record struct LiteralMark(long Length, bool Waits, int MarkLength)
{
    private const int MaxDigits = 18;

    /// <summary>Reads an announcement at the start of the text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LiteralMark mark)
    {
        mark = default;
        if (text.IsEmpty || text[0] != '{')
        {
            return false;
        }

        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > MaxDigits || !Utf8Parser.TryParse(text.Slice(1, digits), out long length, out _))
        {
            return false;
        }

        var rest = text[(1 + digits)..];
        var waits = !rest.StartsWith("+"u8);
        rest = waits ? rest : rest[1..];
        if (!rest.StartsWith("}\r\n"u8))
        {
            return false;
        }

        mark = new LiteralMark(length, waits, text.Length - rest.Length + 3);
        return true;
    }

    /// <summary>Finds an announcement at the end of a line; the line is given with its CRLF.</summary>
    public static bool TryParseAtEnd(ReadOnlySpan<byte> line, out LiteralMark mark)
    {
        mark = default;
        if (!line.EndsWith("}\r\n"u8))
        {
            return false;
        }

        var open = line.LastIndexOf((byte)'{');
        return open >= 0 && TryParse(line[open..], out mark) && mark.MarkLength == line.Length - open;
    }
}
