using System.Text;
using Postbell.Mime.Decoding;

namespace Postbell.Mime.Headers;

/// <summary>Header values as text.</summary>
public static class HeaderText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The value on one line: folding line ends removed, blanks at both ends trimmed. Bytes that are not UTF-8 are taken as Windows-1252.
    /// Encoded words stay encoded.
    /// </summary>
    public static string Unfold(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            return Decode(raw.Trim(" \t"u8));
        }

        var buffer = new byte[raw.Length];
        var length = 0;
        foreach (var b in raw)
        {
            if (b is not ((byte)'\r' or (byte)'\n'))
            {
                buffer[length++] = b;
            }
        }

        return Decode(buffer.AsSpan(0, length).Trim(" \t"u8));
    }

    /// <summary>The first field of the name, unfolded, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name)
    {
        foreach (var field in new HeaderReader(header))
        {
            if (field.Is(header, name))
            {
                return Unfold(field.RawValue(header));
            }
        }

        return null;
    }

    /// <summary>
    /// The fields whose name is in <paramref name="names"/> (or, with <paramref name="except"/>, is not), byte for byte in their order, and a blank
    /// line: what IMAP's HEADER.FIELDS and HEADER.FIELDS.NOT return.
    /// </summary>
    public static byte[] Select(ReadOnlySpan<byte> header, IReadOnlyCollection<string> names, bool except = false)
    {
        var wanted = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);
        var selected = new MemoryStream();
        foreach (var field in new HeaderReader(header))
        {
            if (wanted.Contains(Encoding.ASCII.GetString(field.Name(header))) != except)
            {
                selected.Write(header[field.Start..field.End]);
            }
        }

        selected.Write("\r\n"u8);
        return selected.ToArray();
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Charsets.Decode(bytes, "windows-1252");
        }
    }
}
