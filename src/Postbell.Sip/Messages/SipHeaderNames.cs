using System.Text;

namespace Postbell.Sip.Messages;

/// <summary>
/// Header names this server knows, spelled as they are written. A name that comes in (any case, or the compact form of RFC 3261
/// section 7.3.3) is replaced by the constant, so that later comparisons meet the same object.
/// </summary>
public static class SipHeaderNames
{
    // The second column is the compact form.
    private static readonly (string Name, char Compact)[] Table =
    [
        ("Via", 'v'), ("From", 'f'), ("To", 't'), ("Call-ID", 'i'), ("CSeq", '\0'), ("Max-Forwards", '\0'), ("Contact", 'm'),
        ("Content-Length", 'l'), ("Content-Type", 'c'), ("Content-Encoding", 'e'), ("Content-Disposition", '\0'), ("Content-Language", '\0'),
        ("Supported", 'k'), ("Subject", 's'), ("Event", 'o'), ("Allow-Events", 'u'), ("Refer-To", 'r'), ("Referred-By", 'b'),
        ("Session-Expires", 'x'), ("Accept-Contact", 'a'), ("Reject-Contact", 'j'), ("Request-Disposition", 'd'), ("Identity", 'y'),
        ("Accept", '\0'), ("Accept-Encoding", '\0'), ("Accept-Language", '\0'), ("Alert-Info", '\0'), ("Allow", '\0'),
        ("Authorization", '\0'), ("Call-Info", '\0'), ("Date", '\0'), ("Diversion", '\0'), ("Expires", '\0'), ("History-Info", '\0'),
        ("MIME-Version", '\0'), ("Min-Expires", '\0'), ("Min-SE", '\0'), ("Organization", '\0'), ("P-Asserted-Identity", '\0'),
        ("P-Preferred-Identity", '\0'), ("Priority", '\0'), ("Privacy", '\0'), ("Proxy-Authenticate", '\0'),
        ("Proxy-Authorization", '\0'), ("Proxy-Require", '\0'), ("Reason", '\0'), ("Record-Route", '\0'), ("Remote-Party-ID", '\0'),
        ("Refer-Sub", '\0'), ("Replaces", '\0'), ("Require", '\0'), ("Retry-After", '\0'), ("Route", '\0'), ("RSeq", '\0'), ("RAck", '\0'), ("Server", '\0'),
        ("SIP-ETag", '\0'), ("SIP-If-Match", '\0'), ("Subscription-State", '\0'), ("Timestamp", '\0'), ("Unsupported", '\0'),
        ("User-Agent", '\0'), ("User-to-User", '\0'), ("Warning", '\0'), ("WWW-Authenticate", '\0'),
    ];

    private static readonly string?[] Compact = BuildCompact();
    private static readonly string[][] ByLength = BuildByLength();

    /// <summary>The constant for a name in any case or in compact form, or the text itself for an unknown header.</summary>
    public static string Canonical(string name)
    {
        if (name.Length == 1)
        {
            return Compact[name[0] & 0x7F] ?? name;
        }

        foreach (var known in Candidates(name.Length))
        {
            if (ReferenceEquals(known, name) || known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        return name;
    }

    internal static string Canonical(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1)
        {
            return Compact[name[0] & 0x7F] ?? Encoding.Latin1.GetString(name);
        }

        foreach (var known in Candidates(name.Length))
        {
            if (Ascii.EqualsIgnoreCase(name, known))
            {
                return known;
            }
        }

        return Encoding.Latin1.GetString(name);
    }

    private static string[] Candidates(int length) => length < ByLength.Length ? ByLength[length] : [];

    private static string?[] BuildCompact()
    {
        var compact = new string?[128];
        foreach (var (name, letter) in Table.Where(row => row.Compact != '\0'))
        {
            compact[letter] = name;
            compact[char.ToUpperInvariant(letter)] = name;
        }

        return compact;
    }

    private static string[][] BuildByLength()
    {
        var longest = Table.Max(row => row.Name.Length);
        var table = new string[longest + 1][];
        for (var length = 0; length <= longest; length++)
        {
            table[length] = [.. Table.Where(row => row.Name.Length == length).Select(row => row.Name)];
        }

        return table;
    }
}
