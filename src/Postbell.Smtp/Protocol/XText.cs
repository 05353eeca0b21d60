using System.Text;

namespace Postbell.Smtp.Protocol;

/// <summary>xtext of RFC 3461 section 4: printable ASCII, everything else as <c>+XX</c>.</summary>
internal static class XText
{
    /// <summary>Reads it; false for anything that is none, and for control characters in disguise.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, int limit, out string decoded)
    {
        decoded = "";
        var bytes = new List<byte>(Math.Min(text.Length, limit));
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b is <= 0x20 or >= 0x7f or (byte)'=')
            {
                return false;
            }

            if (b == '+')
            {
                if (i + 2 >= text.Length || Hex(text[i + 1]) is not { } high || Hex(text[i + 2]) is not { } low)
                {
                    return false;
                }

                b = (byte)(high << 4 | low);
                i += 2;
            }

            if (b is < 0x20 or 0x7f || bytes.Count == limit)
            {
                return false;
            }

            bytes.Add(b);
        }

        decoded = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }

    // Capitals only, as the RFC has it.
    private static int? Hex(byte b) => b is >= (byte)'0' and <= (byte)'9' ? b - '0' : b is >= (byte)'A' and <= (byte)'F' ? b - 'A' + 10 : null;
}
