using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Postbell.Imap.Session;

/// <summary>Writes answers into the pipe of a connection. Nothing leaves before the connection flushes.</summary>
internal sealed class ResponseWriter(PipeWriter output)
{
    private static readonly SearchValues<byte> QuotableBytes =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x7f - 0x20).Where(b => b is not ('"' or '\\')).Select(b => (byte)b)]);

    private const int MaxQuoted = 1024;

    /// <summary>Bytes written since the last flush.</summary>
    public long Unflushed { get; private set; }

    /// <summary>False in the middle of an answer: nothing else may be written before its end.</summary>
    public bool AtLineStart { get; private set; } = true;

    public PipeWriter Output => output;

    /// <summary>True when the client takes UTF-8 in mailbox names and quoted strings (RFC 6855).</summary>
    public bool Utf8 { get; set; }

    public void Flushed() => Unflushed = 0;

    public ResponseWriter Raw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            output.Write(bytes);
            Unflushed += bytes.Length;
            AtLineStart = bytes[^1] == '\n';
        }

        return this;
    }

    /// <summary>Text of the server's own making: ASCII, no line breaks.</summary>
    public ResponseWriter Text(string ascii)
    {
        Unflushed += Encoding.ASCII.GetBytes(ascii, output);
        AtLineStart &= ascii.Length == 0;
        return this;
    }

    public ResponseWriter Number(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        return Raw(digits[..length]);
    }

    public ResponseWriter Space() => Raw(" "u8);

    public ResponseWriter Line() => Raw("\r\n"u8);

    /// <summary>An untagged line of the server's own making.</summary>
    public ResponseWriter Untagged(string ascii) => Raw("* "u8).Text(ascii).Line();

    /// <summary>A mailbox name, in modified UTF-7 unless the client takes UTF-8.</summary>
    public ResponseWriter Mailbox(string name) => String(Utf8 ? name : Protocol.MailboxName.Encode(name));

    /// <summary>nstring: NIL, a quoted string, or a literal where quoting cannot carry the text.</summary>
    public ResponseWriter NString(string? text) => text is null ? Raw("NIL"u8) : String(text);

    public ResponseWriter String(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= MaxQuoted && !bytes.AsSpan().ContainsAnyExcept(QuotableBytes))
        {
            return Raw("\""u8).Raw(bytes).Raw("\""u8);
        }

        if (Utf8 && bytes.Length <= MaxQuoted && !bytes.AsSpan().ContainsAnyInRange((byte)0, (byte)0x1f) && !bytes.AsSpan().Contains((byte)0x7f))
        {
            return Raw("\""u8).Raw(Encoding.UTF8.GetBytes(Escaped(text))).Raw("\""u8);
        }

        var escapable = bytes.Length <= MaxQuoted && !bytes.AsSpan().ContainsAnyExceptInRange((byte)0x20, (byte)0x7e);
        return escapable
            ? Raw("\""u8).Text(Escaped(text)).Raw("\""u8)
            : LiteralMark(bytes.Length).Raw(WithoutNul(bytes));
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>The announcement of a literal; its bytes must follow.</summary>
    public ResponseWriter LiteralMark(long length) => Raw("{"u8).Number(length).Raw("}\r\n"u8);

    /// <summary>A literal cannot carry NUL (RFC 3501 CHAR8).</summary>
    private static byte[] WithoutNul(byte[] bytes)
    {
        bytes.AsSpan().Replace((byte)0, (byte)'?');
        return bytes;
    }
}
