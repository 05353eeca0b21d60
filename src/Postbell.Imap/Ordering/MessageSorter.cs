using Postbell.Imap.Protocol;
using Postbell.Mime;
using Postbell.Mime.Decoding;

namespace Postbell.Imap.Ordering;

/// <summary>Sorts messages by the keys of SORT (RFC 5256 section 3); what is equal in all keys keeps the order of the folder.</summary>
internal static class MessageSorter
{
    /// <summary>True when a key needs the envelopes.</summary>
    public static bool NeedsEnvelope(IReadOnlyList<SortKey> keys) => keys.Any(k => k.Field is not (SortField.Arrival or SortField.Size));

    /// <summary>The indexes of the messages, sorted.</summary>
    public static List<int> Sort(List<OrderedMessage> messages, IReadOnlyList<SortKey> keys)
    {
        var values = keys.Select(k => Values(messages, k.Field)).ToArray();
        var order = Enumerable.Range(0, messages.Count).ToArray();
        Array.Sort(order, (a, b) =>
        {
            for (var k = 0; k < values.Length; k++)
            {
                if (values[k].Compare(a, b) is var difference and not 0)
                {
                    return keys[k].Reverse ? -difference : difference;
                }
            }

            return messages[a].Index.CompareTo(messages[b].Index);
        });
        return [.. order.Select(i => messages[i].Index)];
    }

    private static Column Values(List<OrderedMessage> messages, SortField field) => field switch
    {
        SortField.Arrival => new Column([.. messages.Select(m => m.Summary.InternalDate.UtcTicks)], null),
        SortField.Date => new Column([.. messages.Select(m => m.Sent)], null),
        SortField.Size => new Column([.. messages.Select(m => m.Summary.Size)], null),
        _ => new Column(null, [.. messages.Select(m => Fold(Text(m.Summary.Envelope, field)))]),
    };

    private static string Text(MimeEnvelope envelope, SortField field) => field switch
    {
        SortField.Subject => BaseSubject.Of(envelope.Subject).Text,
        SortField.From => Mailbox(envelope.From),
        SortField.To => Mailbox(envelope.To),
        SortField.Cc => Mailbox(envelope.Cc),
        SortField.DisplayFrom => Display(envelope.From),
        _ => Display(envelope.To),
    };

    private static string Mailbox(IReadOnlyList<MimeAddress>? addresses) => First(addresses)?.Mailbox ?? "";

    /// <summary>The name shown for the first address, or the address where it has none (RFC 5957 section 3).</summary>
    private static string Display(IReadOnlyList<MimeAddress>? addresses)
    {
        if (First(addresses) is not { } address)
        {
            return "";
        }

        return address.IsGroupStart ? EncodedWords.Decode(address.Mailbox!)
            : address.Name is { Length: > 0 } name ? EncodedWords.Decode(name)
            : address.Mailbox + "@" + address.Host;
    }

    private static MimeAddress? First(IReadOnlyList<MimeAddress>? addresses) => addresses is { Count: > 0 } ? addresses[0] : null;

    /// <summary>Compared as the collation i;unicode-casemap does (RFC 5051): without case, by code.</summary>
    private static string Fold(string text) => text.ToUpperInvariant();

    /// <summary>One key of all messages, made once.</summary>
    private sealed record Column(long[]? Numbers, string[]? Texts)
    {
        public int Compare(int a, int b) => Numbers is not null ? Numbers[a].CompareTo(Numbers[b]) : string.CompareOrdinal(Texts![a], Texts[b]);
    }
}
