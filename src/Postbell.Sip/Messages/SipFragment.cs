using System.Globalization;
using System.Text;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>Status lines in bodies of type message/sipfrag (RFC 3420): how the progress of a transfer is told.</summary>
internal static class SipFragment
{
    /// <summary>Content-Type of such a body.</summary>
    public const string ContentType = "message/sipfrag";

    private const int LongestReason = 128;

    /// <summary>A body with a status line.</summary>
    public static ReadOnlyMemory<byte> Of(int status, string reason) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {status} {reason.ReplaceLineEndings(" ")}\r\n"));

    /// <summary>Reads the status line a body begins with; false when it begins with anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out int status, out string reason)
    {
        status = 0;
        reason = "";
        if (!body.StartsWith("SIP/2.0 "u8))
        {
            return false;
        }

        var line = body["SIP/2.0 "u8.Length..];
        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? line : line[..end];
        if (line.Length < 3 || (line.Length > 3 && line[3] != ' ') || !SipSyntax.TryNumber(Encoding.Latin1.GetString(line[..3]), 699, out var number) || number < 100)
        {
            return false;
        }

        status = (int)number;
        reason = SipSyntax.Decode(line[Math.Min(4, line.Length)..Math.Min(line.Length, 4 + LongestReason)]);
        return true;
    }
}
