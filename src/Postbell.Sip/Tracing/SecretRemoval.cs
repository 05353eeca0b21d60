using System.Text;

namespace Postbell.Sip.Tracing;

/// <summary>
/// Overwrites what nobody may read later: keys of encrypted media, answers to challenges, passwords in addresses, keys pressed during a call (they may
/// be a PIN) and instant messages. Lengths stay, so that Content-Length and addresses still fit. Any bytes will do; when in doubt it takes more.
/// </summary>
internal static class SecretRemoval
{
    private const byte Blank = (byte)'*';

    private static ReadOnlySpan<byte> LineEnds => "\r\n"u8;

    /// <summary>Overwrites the secrets of a message, or of its beginning, in place.</summary>
    public static void Clean(Span<byte> message)
    {
        var bodyAt = SipGlance.BodyOffset(message);
        var glance = SipGlance.Read(message);
        // Bodies of these are what people said or pressed; of all others only what is known to hold secrets goes.
        var takesAll = glance.Method.SequenceEqual("INFO"u8) || glance.Method.SequenceEqual("MESSAGE"u8) || !IsPlain(message[..bodyAt]);
        CleanLines(message, bodyAt);
        if (takesAll)
        {
            message[bodyAt..].Fill(Blank);
        }
    }

    /// <summary>False when the body is compressed or encrypted as a whole, so that secrets in it cannot be seen.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> head)
    {
        while (!head.IsEmpty)
        {
            var end = head.IndexOf((byte)'\n');
            var line = (end < 0 ? head : head[..end]).TrimEnd((byte)'\r');
            head = end < 0 ? [] : head[(end + 1)..];
            if (!line.IsEmpty && (line[0] | 0x20) is 'c' or 'e' && IsEncoded(line))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsEncoded(ReadOnlySpan<byte> line)
    {
        var encoding = SipGlance.ValueOf(line, "content-encoding"u8);
        if (encoding.IsEmpty)
        {
            encoding = SipGlance.ValueOf(line, "e"u8);
        }

        return (!encoding.IsEmpty && !Ascii.EqualsIgnoreCase(encoding, "identity"u8)) || IsTransferEncoded(line);
    }

    private static bool IsTransferEncoded(ReadOnlySpan<byte> line)
    {
        var transfer = SipGlance.ValueOf(line, "content-transfer-encoding"u8);
        return !transfer.IsEmpty && !Ascii.EqualsIgnoreCase(transfer, "binary"u8) && !Ascii.EqualsIgnoreCase(transfer, "8bit"u8) && !Ascii.EqualsIgnoreCase(transfer, "7bit"u8);
    }

    private static void CleanLines(Span<byte> message, int bodyAt)
    {
        var at = 0;
        var credentials = false;
        while (at < message.Length)
        {
            var end = message[at..].IndexOfAny(LineEnds);
            var line = end < 0 ? message[at..] : message.Slice(at, end);
            if (!line.IsEmpty)
            {
                var folded = line[0] is (byte)' ' or (byte)'\t';
                credentials = folded ? credentials : IsCredentials(line);
                CleanLine(line, credentials, folded);
                if (at >= bodyAt && IsTransferEncoded(line))
                {
                    // A part that cannot be read: it and what follows goes.
                    message[(at + line.Length)..].Fill(Blank);
                    return;
                }
            }

            at += line.Length + 1;
        }
    }

    private static void CleanLine(Span<byte> line, bool credentials, bool folded)
    {
        if (credentials && folded)
        {
            line.Fill(Blank);
        }
        else if (credentials)
        {
            CleanCredentials(line[(line.IndexOf((byte)':') + 1)..].TrimStart(" \t"u8));
        }

        CleanDescription(line);
        CleanAfterColons(line);
    }

    private static bool IsCredentials(ReadOnlySpan<byte> line) => (line[0] | 0x20) is 'a' or 'p'
        && (SipGlance.IsNamed(line, "authorization"u8) || SipGlance.IsNamed(line, "proxy-authorization"u8)
            || SipGlance.IsNamed(line, "authentication-info"u8) || SipGlance.IsNamed(line, "proxy-authentication-info"u8));

    /// <summary>Of digest credentials the proofs go and the rest tells what went wrong; of any other scheme all goes.</summary>
    private static void CleanCredentials(Span<byte> value)
    {
        var end = value.IndexOfAny((byte)' ', (byte)'\t');
        var scheme = end < 0 ? value : value[..end];
        if (!Ascii.EqualsIgnoreCase(scheme, "digest"u8) && !scheme.Contains((byte)'='))
        {
            value[scheme.Length..].Fill(Blank);
            return;
        }

        CleanParameter(value, "response"u8);
        CleanParameter(value, "rspauth"u8);
        CleanParameter(value, "password"u8);
    }

    private static void CleanParameter(Span<byte> value, ReadOnlySpan<byte> name)
    {
        for (var at = 0; at + name.Length < value.Length; at++)
        {
            if (!Ascii.EqualsIgnoreCase(value.Slice(at, name.Length), name))
            {
                continue;
            }

            var rest = value[(at + name.Length)..];
            var equals = rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
            if (equals < 0 || rest[equals] != '=')
            {
                continue;
            }

            rest = rest[(equals + 1)..].TrimStart(" \t"u8);
            var quoted = !rest.IsEmpty && rest[0] == '"';
            rest = quoted ? rest[1..] : rest;
            var end = rest.IndexOf(quoted ? (byte)'"' : (byte)',');
            (end < 0 ? rest : rest[..end]).Fill(Blank);
        }
    }

    /// <summary>Lines of a session description that hold keys (RFC 4566 section 5.12, RFC 4567) and passwords (RFC 8839).</summary>
    private static void CleanDescription(Span<byte> line)
    {
        ReadOnlySpan<byte> read = line;
        var secret = read.StartsWith("k="u8) ? 2
            : read.StartsWith("a=key-mgmt:"u8) ? 11
            : read.StartsWith("a=ice-pwd:"u8) ? 10
            : read.StartsWith("Signal="u8) ? 7
            : line.Length;
        line[secret..].Fill(Blank);
    }

    /// <summary><c>sip:user:password@host</c>, and <c>inline:KEY|lifetime|MKI:length</c> (RFC 4568 section 6.1).</summary>
    private static void CleanAfterColons(Span<byte> line)
    {
        for (var at = line.IndexOf((byte)':'); at >= 0;)
        {
            var before = line[..at];
            var after = line[(at + 1)..];
            if (EndsWith(before, "inline"u8))
            {
                var end = after.IndexOfAny("|; \t"u8);
                (end < 0 ? after : after[..end]).Fill(Blank);
            }
            else if (EndsWith(before, "sip"u8) || EndsWith(before, "sips"u8))
            {
                CleanPassword(after);
            }

            var next = after.IndexOf((byte)':');
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    private static void CleanPassword(Span<byte> address)
    {
        var end = address.IndexOfAny("@<>\" \t"u8);
        var colon = address.IndexOf((byte)':');
        if (end >= 0 && address[end] == '@' && colon >= 0 && colon < end)
        {
            address[(colon + 1)..end].Fill(Blank);
        }
    }

    private static bool EndsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[^word.Length..], word);
}
