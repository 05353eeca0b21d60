namespace Postbell.Core.Resolution;

/// <summary>Answers by question, for as long as they are good. Of a fixed size: the answer kept for longest makes room. Safe from any thread.</summary>
internal sealed class DnsCache(int size)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, DnsRecordType Type), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = [];

    /// <summary>Answers kept, also those that are not good any more.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The answer, while it is good.</summary>
    public DnsAnswer? Find((string Name, DnsRecordType Type) question, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(question, out var node))
            {
                return null;
            }

            if (node.Value.Answer.ExpiresAt > now)
            {
                return node.Value.Answer;
            }

            Remove(node);
            return null;
        }
    }

    /// <summary>Keeps an answer.</summary>
    public void Keep((string Name, DnsRecordType Type) question, DnsAnswer answer)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(question, out var known))
            {
                Remove(known);
            }
            else if (_entries.Count >= size)
            {
                Remove(_order.First!);
            }

            _entries[question] = _order.AddLast(new Entry(question, answer));
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _entries.Remove(node.Value.Question);
    }

    private sealed record Entry((string Name, DnsRecordType Type) Question, DnsAnswer Answer);
}
