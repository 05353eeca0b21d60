using Postbell.Directory;
using Postbell.Mime;
using Postbell.Mime.Headers;
using Postbell.Smtp.Protocol;

namespace Postbell.Smtp.Receiving;

/// <summary>Whether a submitted message says truly who sends it: every address of its From header must be one of the person who signed in (RFC 6409 section 6.1).</summary>
internal static class SubmittedFrom
{
    private const int MaxHeader = 256 * 1024;
    private const int MaxAddresses = 100;

    /// <summary>Null when it does, else what the client is told.</summary>
    /// <param name="content">The message; without a From header it has got that of the envelope.</param>
    /// <param name="account">Who signed in.</param>
    /// <param name="addresses">Who has which address.</param>
    public static Reply? Check(ReadOnlySpan<byte> content, long account, AddressBook addresses)
    {
        var beginning = content[..Math.Min(content.Length, MaxHeader)];
        var end = beginning.IndexOf("\r\n\r\n"u8);
        var fields = new List<string>();
        var header = end < 0 ? beginning : beginning[..(end + 2)];
        foreach (var field in new HeaderReader(header))
        {
            if (field.Is(header, "from"u8))
            {
                fields.Add(HeaderText.Unfold(field.RawValue(header)));
            }
        }

        if (fields.Count != 1)
        {
            return new Reply(550, "5.7.1", $"A message has one From header, not {fields.Count}");
        }

        var from = AddressListParser.Parse(fields[0], MaxAddresses).Where(static a => !a.IsGroupStart && !a.IsGroupEnd).ToArray();
        return from.Length is > 0 and < MaxAddresses && from.All(a => addresses.Find(a.Mailbox ?? "", a.Host ?? "")?.AccountId == account)
            ? null
            : new Reply(550, "5.7.1", "The From header must have addresses of your own");
    }
}
