using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>One parameter of a URI or header value.</summary>
/// <param name="Name">Name as written; compare case-insensitively.</param>
/// <param name="Value">Value with quotes and escapes resolved, or null for a flag.</param>
public readonly record struct SipParameter(string Name, string? Value);

/// <summary>The semicolon parameters of a URI or header value, in order. Names are case-insensitive.</summary>
public sealed class SipParameters : IReadOnlyList<SipParameter>
{
    /// <summary>No parameters.</summary>
    public static readonly SipParameters Empty = new([]);

    private readonly SipParameter[] _items;

    /// <summary>The given parameters.</summary>
    public SipParameters(IEnumerable<SipParameter> items) => _items = [.. items];

    /// <inheritdoc />
    public int Count => _items.Length;

    /// <inheritdoc />
    public SipParameter this[int index] => _items[index];

    /// <summary>Value of the first parameter of this name; null when it is absent or has no value.</summary>
    public string? this[string name] => TryGet(name, out var value) ? value : null;

    /// <summary>True when the parameter is present, with or without value.</summary>
    public bool Contains(string name) => TryGet(name, out _);

    /// <summary>Finds a parameter.</summary>
    public bool TryGet(string name, out string? value)
    {
        foreach (var item in _items)
        {
            if (item.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = item.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>A copy in which the parameter has this value.</summary>
    public SipParameters With(string name, string? value) => new([.. Without(name), new SipParameter(name, value)]);

    /// <summary>A copy without the parameter.</summary>
    public SipParameters Without(string name) => new(_items.Where(item => !item.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc />
    public IEnumerator<SipParameter> GetEnumerator() => ((IEnumerable<SipParameter>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The wire form, with a leading semicolon for each parameter.</summary>
    public override string ToString()
    {
        if (_items.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (name, value) in _items)
        {
            text.Append(';').Append(name);
            if (value is not null)
            {
                text.Append('=').Append(NeedsQuotes(value) ? SipSyntax.Quote(value) : value);
            }
        }

        return text.ToString();
    }

    /// <summary>Reads <c>*( SEMI name [ EQUAL value ] )</c> up to the end of the text. Header values may be quoted strings (RFC 3261 section 25.1).</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipParameters? parameters)
    {
        parameters = null;
        text = text.Trim(" \t");
        if (text.IsEmpty)
        {
            parameters = Empty;
            return true;
        }

        var items = new List<SipParameter>(4);
        while (!text.IsEmpty)
        {
            if (text[0] != ';' || !TryReadOne(text[1..].TrimStart(" \t"), out var item, out text))
            {
                return false;
            }

            items.Add(item);
        }

        parameters = new SipParameters(items);
        return true;
    }

    private static bool TryReadOne(ReadOnlySpan<char> text, out SipParameter item, out ReadOnlySpan<char> rest)
    {
        item = default;
        rest = [];
        var nameEnd = text.IndexOfAny(";= \t");
        nameEnd = nameEnd < 0 ? text.Length : nameEnd;
        var name = text[..nameEnd];
        text = text[nameEnd..].TrimStart(" \t");
        if (!SipSyntax.IsToken(name))
        {
            return false;
        }

        if (text.IsEmpty || text[0] == ';')
        {
            item = new SipParameter(name.ToString(), null);
            rest = text;
            return true;
        }

        text = text[1..].TrimStart(" \t");
        if (!TryReadValue(text, out var value, out rest))
        {
            return false;
        }

        item = new SipParameter(name.ToString(), value);
        return rest.IsEmpty || rest[0] == ';';
    }

    private static bool TryReadValue(ReadOnlySpan<char> text, out string value, out ReadOnlySpan<char> rest)
    {
        value = "";
        rest = [];
        if (text.StartsWith("\""))
        {
            var close = SipSyntax.EndOfQuoted(text);
            if (close < 0)
            {
                return false;
            }

            value = SipSyntax.Unquote(text[1..close]);
            rest = text[(close + 1)..].TrimStart(" \t");
            return true;
        }

        var end = text.IndexOf(';');
        end = end < 0 ? text.Length : end;
        var plain = text[..end].TrimEnd(" \t");
        rest = text[end..];
        value = plain.ToString();
        return !plain.IsEmpty && !plain.ContainsAny(" \t\"<>,");
    }

    private static bool NeedsQuotes(string value) => value.Length == 0 || value.AsSpan().ContainsAny(" \t\"<>,;=\\") || value.AsSpan().ContainsAnyInRange('\0', '\x1F');
}
