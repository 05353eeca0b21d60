using System.Buffers;
using System.Globalization;
using System.Text;
using Postbell.Core;

namespace Postbell.Sip.Tracing;

/// <summary>Bytes of a stranger as text that a terminal shows as it is: what is no visible character is written as an escape, a backslash as two.</summary>
internal static class TraceText
{
    /// <summary>Appends the text on one line.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="bytes">UTF-8, or anything else.</param>
    /// <param name="limit">Most bytes that are read; what is left out shows as three dots.</param>
    public static void Append(StringBuilder target, ReadOnlySpan<byte> bytes, int limit = int.MaxValue)
    {
        var cut = bytes.Length > limit;
        bytes = cut ? bytes[..limit] : bytes;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) != OperationStatus.Done)
            {
                foreach (var octet in bytes[..used])
                {
                    target.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}");
                }
            }
            else
            {
                Append(target, rune);
            }

            bytes = bytes[used..];
        }

        target.Append(cut ? "..." : "");
    }

    /// <summary>The text on one line.</summary>
    public static string Of(ReadOnlySpan<byte> bytes, int limit = int.MaxValue)
    {
        var text = new StringBuilder();
        Append(text, bytes, limit);
        return text.ToString();
    }

    /// <summary>The same of text.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    private static void Append(StringBuilder target, Rune rune)
    {
        switch (rune.Value)
        {
            case '\\':
                target.Append("\\\\");
                break;
            case '\t':
                target.Append("\\t");
                break;
            case '\r':
                target.Append("\\r");
                break;
            case '\n':
                target.Append("\\n");
                break;
            case ' ':
                target.Append(' ');
                break;
            default:
                if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || !DisplayText.IsVisible(rune))
                {
                    target.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
                }
                else
                {
                    target.Append(rune.ToString());
                }

                break;
        }
    }
}
