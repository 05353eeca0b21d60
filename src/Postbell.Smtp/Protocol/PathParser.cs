using System.Net;
using System.Text;

namespace Postbell.Smtp.Protocol;

/// <summary>Reads paths (RFC 5321 section 4.1.2, RFC 6531 section 3.3).</summary>
internal static class PathParser
{
    public const int MaxLocalPart = 64;
    public const int MaxDomain = 255;

    private static ReadOnlySpan<byte> AtomMarks => "!#$%&'*+-/=?^_`{|}~"u8;

    /// <summary>Reads <c>&lt;...&gt;</c> at the start; <paramref name="length"/> is what it takes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MailPath path, out int length, out SmtpParseFailure failure)
    {
        path = MailPath.Null;
        length = 0;
        if (text.IsEmpty || text[0] != '<')
        {
            failure = SmtpParseFailure.PathMissing;
            return false;
        }

        var at = 1;
        if (at < text.Length && text[at] == '>')
        {
            length = 2;
            failure = SmtpParseFailure.None;
            return true;
        }

        at += SourceRoute(text[at..]);
        var start = at;
        if (!TryLocalPart(text, ref at, out var local, out failure))
        {
            return false;
        }

        var domain = "";
        if (at < text.Length && text[at] == '@')
        {
            at++;
            if (!TryDomain(text, ref at, out domain, out failure))
            {
                return false;
            }
        }
        else if (at < text.Length && text[at] == '>' && !local.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
        {
            // Only the postmaster may go without a domain (section 4.1.1.3).
            failure = SmtpParseFailure.DomainInvalid;
            return false;
        }

        if (at >= text.Length || text[at] != '>')
        {
            failure = at >= text.Length ? SmtpParseFailure.PathUnclosed : SmtpParseFailure.LocalPartInvalid;
            return false;
        }

        path = new MailPath(local, domain, Encoding.UTF8.GetString(text[start..at]));
        length = at + 1;
        failure = SmtpParseFailure.None;
        return true;
    }

    /// <summary>True for a domain or address literal, as EHLO and addresses have it.</summary>
    public static bool IsDomain(ReadOnlySpan<byte> text) => Domain(text) == SmtpParseFailure.None;

    // "@one,@two:" is read over, as RFC 5321 section 4.1.1.3 wants it.
    private static int SourceRoute(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '@')
        {
            return 0;
        }

        var end = text.IndexOf((byte)':');
        return end < 0 || text[..end].Contains((byte)'>') ? 0 : end + 1;
    }

    private static bool TryLocalPart(ReadOnlySpan<byte> text, ref int at, out string local, out SmtpParseFailure failure)
    {
        local = "";
        var start = at;
        var bytes = new byte[MaxLocalPart];
        var count = 0;
        var quoted = at < text.Length && text[at] == '"';
        at += quoted ? 1 : 0;
        while (at < text.Length && (quoted ? text[at] != '"' : IsAtom(text[at]) || text[at] == '.'))
        {
            at += quoted && text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            if (count == MaxLocalPart)
            {
                failure = SmtpParseFailure.LocalPartTooLong;
                return false;
            }

            bytes[count++] = text[at++];
        }

        if (quoted && at >= text.Length)
        {
            failure = SmtpParseFailure.PathUnclosed;
            return false;
        }

        at += quoted ? 1 : 0;
        var plain = bytes.AsSpan(0, count);
        var malformed = !quoted && (count == 0 || plain[0] == '.' || plain[^1] == '.' || plain.IndexOf(".."u8) >= 0);
        failure = malformed ? SmtpParseFailure.LocalPartInvalid
            : !System.Text.Unicode.Utf8.IsValid(text[start..at]) ? SmtpParseFailure.Utf8Invalid
            : SmtpParseFailure.None;
        local = failure == SmtpParseFailure.None ? Encoding.UTF8.GetString(plain) : "";
        return failure == SmtpParseFailure.None;
    }

    private static bool IsAtom(byte b) => b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) || AtomMarks.Contains(b);

    private static bool TryDomain(ReadOnlySpan<byte> text, ref int at, out string domain, out SmtpParseFailure failure)
    {
        domain = "";
        var end = text[at..].IndexOf((byte)'>');
        if (end < 0)
        {
            failure = SmtpParseFailure.PathUnclosed;
            return false;
        }

        var part = text.Slice(at, end);
        failure = Domain(part);
        if (failure != SmtpParseFailure.None)
        {
            return false;
        }

        domain = Encoding.UTF8.GetString(part);
        at += end;
        return true;
    }

    private static SmtpParseFailure Domain(ReadOnlySpan<byte> part)
    {
        if (part.Length > MaxDomain)
        {
            return SmtpParseFailure.DomainTooLong;
        }

        if (!System.Text.Unicode.Utf8.IsValid(part))
        {
            return SmtpParseFailure.Utf8Invalid;
        }

        if (part.StartsWith("["u8))
        {
            return part.EndsWith("]"u8) && IsLiteral(Encoding.UTF8.GetString(part[1..^1])) ? SmtpParseFailure.None : SmtpParseFailure.DomainInvalid;
        }

        foreach (var range in part.Split((byte)'.'))
        {
            var label = part[range];
            if (label.IsEmpty || label.Length > 63 && Ascii.IsValid(label) || label[0] == '-' || label[^1] == '-')
            {
                return SmtpParseFailure.DomainInvalid;
            }

            foreach (var b in label)
            {
                // An underscore is no host name, but names of Windows machines have it and greet with it.
                if (b < 0x80 && !char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_'))
                {
                    return SmtpParseFailure.DomainInvalid;
                }
            }
        }

        return SmtpParseFailure.None;
    }

    private static bool IsLiteral(string text) =>
        text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.TryParse(text.AsSpan(5), out var six) && six.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !text.Contains('%', StringComparison.Ordinal)
            : text.Count(c => c == '.') == 3 && text.All(c => char.IsAsciiDigit(c) || c == '.') && IPAddress.TryParse(text, out _);
}
