using Postbell.Imap.Protocol;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Decoding;

namespace Postbell.Imap.Ordering;

/// <summary>
/// Sorts messages by the keys of SORT (RFC 5256 section 3); what is equal in all keys keeps the order of the folder. Of each message only its keys are kept.
/// </summary>
/// <param name="keys">Keys, the first counts most.</param>
/// <param name="relevancy">For <see cref="SortField.Relevancy"/>: how well the message with a sequence number less one meets what was looked for.</param>
internal sealed class MessageSorter(IReadOnlyList<SortKey> keys, Func<int, int> relevancy)
{
    private readonly List<int> _indexes = [];
    private readonly Column[] _columns = [.. keys.Select(static k => new Column(k.Field, k.Reverse))];

    /// <summary>What of the envelopes the keys need.</summary>
    public EnvelopeFields Fields => keys.Aggregate(EnvelopeFields.None, static (all, key) => all | Needed(key.Field));

    /// <summary>Takes the keys of a message. Messages must come in the order of the folder.</summary>
    public void Add(int index, EnvelopeRow summary)
    {
        _indexes.Add(index);
        foreach (var column in _columns)
        {
            column.Add(summary, column.Field == SortField.Relevancy ? relevancy(index) : 0);
        }
    }

    /// <summary>The indexes of the messages, sorted.</summary>
    public List<int> Sort()
    {
        var order = new int[_indexes.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, Compare);
        return [.. order.Select(i => _indexes[i])];
    }

    private int Compare(int a, int b)
    {
        foreach (var column in _columns)
        {
            if (column.Compare(a, b) is var difference and not 0)
            {
                return difference;
            }
        }

        return a.CompareTo(b);
    }

    private static EnvelopeFields Needed(SortField field) => field switch
    {
        SortField.Date => EnvelopeFields.Date,
        SortField.Subject => EnvelopeFields.Subject,
        SortField.From or SortField.DisplayFrom => EnvelopeFields.From,
        SortField.To or SortField.DisplayTo => EnvelopeFields.To,
        SortField.Cc => EnvelopeFields.Cc,
        _ => EnvelopeFields.None,
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

    /// <summary>One key of all messages: numbers or texts.</summary>
    private sealed class Column(SortField by, bool reverse)
    {
        private readonly List<long> _numbers = [];
        private readonly List<string> _texts = [];

        public SortField Field => by;

        public void Add(EnvelopeRow summary, int relevancy)
        {
            switch (by)
            {
                case SortField.Arrival:
                    _numbers.Add(summary.InternalDate.UtcTicks);
                    break;
                case SortField.Date:
                    _numbers.Add(OrderedMessage.SentAt(summary));
                    break;
                case SortField.Size:
                    _numbers.Add(summary.Size);
                    break;
                case SortField.Relevancy:
                    // The best first (RFC 6203 section 5).
                    _numbers.Add(-relevancy);
                    break;
                default:
                    _texts.Add(Fold(Text(summary.Envelope, by)));
                    break;
            }
        }

        public int Compare(int a, int b)
        {
            var difference = _numbers.Count > 0 ? _numbers[a].CompareTo(_numbers[b]) : string.CompareOrdinal(_texts[a], _texts[b]);
            return reverse ? -difference : difference;
        }
    }
}
