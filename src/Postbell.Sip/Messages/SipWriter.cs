using System.Buffers;
using System.Globalization;
using System.Text;

namespace Postbell.Sip.Messages;

/// <summary>
/// Writes messages. Content-Length is always ours. Control characters in a value become blanks here, in one place, so that no text a stranger
/// chose can start a header line of its own; only the quoted pairs that came in as such are repeated.
/// </summary>
internal static class SipWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(ControlAndSurrogates());

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _output;

    public static byte[] Write(SipMessage message)
    {
        var output = _output ??= new ArrayBufferWriter<byte>(4096);
        output.ResetWrittenCount();
        Append(output, message.StartLine);
        Line(output);
        foreach (var header in message.Headers)
        {
            if (header.Name is "Content-Length")
            {
                continue;
            }

            Append(output, header.Name);
            output.Write(": "u8);
            Append(output, header.Value);
            Line(output);
        }

        output.Write("Content-Length: "u8);
        Append(output, message.Body.Length.ToString(CultureInfo.InvariantCulture));
        Line(output);
        Line(output);
        output.Write(message.Body.Span);
        return output.WrittenSpan.ToArray();
    }

    private static void Line(ArrayBufferWriter<byte> output) => output.Write("\r\n"u8);

    private static void Append(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var special = text.IndexOfAny(Special);
            var plain = special < 0 ? text : text[..special];
            if (!plain.IsEmpty)
            {
                Encoding.UTF8.GetBytes(plain, output);
            }

            if (special < 0)
            {
                return;
            }

            AppendSpecial(output, text, ref special);
            text = text[special..];
        }
    }

    private static void AppendSpecial(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text, ref int index)
    {
        var c = text[index];
        if (char.IsHighSurrogate(c) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            Encoding.UTF8.GetBytes(text.Slice(index, 2), output);
            index += 2;
            return;
        }

        // A lone low surrogate stands for a byte that was not UTF-8 (SipSyntax.Decode).
        var escaped = index > 0 && text[index - 1] == '\\' && c is not ('\r' or '\n');
        var octet = c is >= '\uDC80' and <= '\uDCFF' ? (byte)(c - 0xDC00)
            : c == '\t' || escaped ? (byte)c
            : (byte)' ';
        output.Write([octet]);
        index++;
    }

    private static string ControlAndSurrogates()
    {
        var text = new StringBuilder("\x7F");
        for (var c = '\0'; c < ' '; c++)
        {
            text.Append(c);
        }

        for (var c = '\uD800'; c <= '\uDFFF'; c++)
        {
            text.Append(c);
        }

        return text.ToString();
    }
}
