using System.Collections;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>The headers of one message in wire order. Names are case-insensitive and compact forms count as their long names.</summary>
public sealed class SipHeaders : IReadOnlyCollection<SipHeader>
{
    private readonly List<SipHeader> _lines;

    /// <summary>An empty set.</summary>
    public SipHeaders() => _lines = new List<SipHeader>(16);

    /// <summary>A copy of <paramref name="headers"/>.</summary>
    public SipHeaders(IEnumerable<SipHeader> headers)
        : this()
    {
        foreach (var header in headers)
        {
            Add(header.Name, header.Value);
        }
    }

    /// <inheritdoc />
    public int Count => _lines.Count;

    /// <summary>The value of the first line with this name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            var index = IndexOf(SipHeaderNames.Canonical(name));
            return index < 0 ? null : _lines[index].Value;
        }
    }

    /// <summary>True when at least one line has this name.</summary>
    public bool Contains(string name) => IndexOf(SipHeaderNames.Canonical(name)) >= 0;

    /// <summary>The raw values of all lines with this name, in order; a line may hold a comma list.</summary>
    public IEnumerable<string> GetAll(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        foreach (var line in _lines)
        {
            if (Same(line.Name, canonical))
            {
                yield return line.Value;
            }
        }
    }

    /// <summary>All values of a list header (Via, Route, Diversion, History-Info, ...): every line, split at top-level commas, in order.</summary>
    public IEnumerable<string> GetValues(string name)
    {
        foreach (var line in GetAll(name))
        {
            foreach (var value in SipValueList.Split(line))
            {
                yield return value;
            }
        }
    }

    /// <summary>Number of lines with this name.</summary>
    public int CountOf(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        var count = 0;
        foreach (var line in _lines)
        {
            count += Same(line.Name, canonical) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Appends a line.</summary>
    public void Add(string name, string value) => _lines.Add(new SipHeader(SipHeaderNames.Canonical(name), value));

    /// <summary>Replaces all lines of this name by one.</summary>
    public void Set(string name, string value)
    {
        var canonical = SipHeaderNames.Canonical(name);
        var index = IndexOf(canonical);
        if (index < 0)
        {
            Add(canonical, value);
            return;
        }

        _lines[index] = new SipHeader(canonical, value);
        for (var i = _lines.Count - 1; i > index; i--)
        {
            if (Same(_lines[i].Name, canonical))
            {
                _lines.RemoveAt(i);
            }
        }
    }

    /// <summary>Removes all lines of this name.</summary>
    public void Remove(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        _lines.RemoveAll(line => Same(line.Name, canonical));
    }

    /// <inheritdoc />
    public IEnumerator<SipHeader> GetEnumerator() => _lines.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void AddCanonical(string name, string value) => _lines.Add(new SipHeader(name, value));

    internal void Prepend(string name, string value) => _lines.Insert(0, new SipHeader(name, value));

    internal void InsertAfterFirst(string name, IEnumerable<string> values) =>
        _lines.InsertRange(IndexOf(name) + 1, values.Select(value => new SipHeader(name, value)));

    internal void AppendToLast(string continuation)
    {
        var last = _lines[^1];
        var joined = continuation.Length == 0 ? last.Value : last.Value.Length == 0 ? continuation : $"{last.Value} {continuation}";
        _lines[^1] = last with { Value = joined };
    }

    private int IndexOf(string canonical)
    {
        for (var i = 0; i < _lines.Count; i++)
        {
            if (Same(_lines[i].Name, canonical))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Same(string name, string canonical) =>
        ReferenceEquals(name, canonical) || name.Equals(canonical, StringComparison.OrdinalIgnoreCase);
}
