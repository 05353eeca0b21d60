using System.Globalization;
using System.Text;

namespace Postbell.Mime.Headers;

/// <summary>Reads <c>value; name=value; ...</c> of Content-Type and Content-Disposition with RFC 822 comments and RFC 2231 continuations.</summary>
internal ref struct ParameterListParser
{
    private const int MaxParameters = 100;
    private const int MaxSegments = 1000;

    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private ParameterListParser(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The value before the first semicolon, lower case without blanks and comments, and the parameters.</summary>
    public static (string Value, IReadOnlyList<MimeParameter> Parameters) Parse(ReadOnlySpan<char> text)
    {
        var parser = new ParameterListParser(text);
        var value = parser.ReadToken(";").ToLowerInvariant();
        return (value, Join(parser.ReadParameters()));
    }

    private List<(string Name, string Value)> ReadParameters()
    {
        var parameters = new List<(string, string)>();
        while (_position < _text.Length && parameters.Count < MaxSegments)
        {
            if (_text[_position] == ';')
            {
                _position++;
            }

            var name = ReadToken("=;").ToLowerInvariant();
            if (_position < _text.Length && _text[_position] == '=')
            {
                _position++;
                var value = ReadValue();
                if (name.Length > 0)
                {
                    parameters.Add((name, value));
                }
            }
        }

        return parameters;
    }

    // Everything up to one of the ends, without blanks and comments.
    private string ReadToken(ReadOnlySpan<char> ends)
    {
        var token = new StringBuilder();
        while (_position < _text.Length && !ends.Contains(_text[_position]))
        {
            var c = _text[_position];
            if (c == '(')
            {
                SkipComment();
                continue;
            }

            if (c > ' ' && c != '\x7f')
            {
                token.Append(c);
            }

            _position++;
        }

        return token.ToString();
    }

    private string ReadValue()
    {
        SkipBlanks();
        if (_position >= _text.Length || _text[_position] != '"')
        {
            return ReadUnquoted();
        }

        var value = new StringBuilder();
        for (_position++; _position < _text.Length && _text[_position] != '"'; _position++)
        {
            if (_text[_position] == '\\' && _position + 1 < _text.Length)
            {
                _position++;
            }

            value.Append(_text[_position]);
        }

        _position++;
        ReadToken(";");
        return value.ToString();
    }

    // Blanks inside an unquoted value are an error many mailers make in file names: they are kept.
    private string ReadUnquoted()
    {
        var start = _position;
        while (_position < _text.Length && _text[_position] is not (';' or '('))
        {
            _position++;
        }

        var value = _text[start.._position].Trim().ToString();
        ReadToken(";");
        return value;
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t' or '(')
        {
            if (_text[_position] == '(')
            {
                SkipComment();
            }
            else
            {
                _position++;
            }
        }
    }

    private void SkipComment()
    {
        var depth = 0;
        for (; _position < _text.Length; _position++)
        {
            switch (_text[_position])
            {
                case '\\':
                    _position++;
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    _position++;
                    return;
            }
        }

        _position = _text.Length;
    }

    /// <summary>Joins <c>name*0</c>, <c>name*1*</c>, ... into one <c>name</c> or, when a segment is percent encoded, <c>name*</c>.</summary>
    private static List<MimeParameter> Join(List<(string Name, string Value)> segments)
    {
        var parameters = new List<MimeParameter>();
        var continued = new Dictionary<string, SortedDictionary<int, (string Value, bool Encoded)>>(StringComparer.Ordinal);
        foreach (var (name, value) in segments)
        {
            if (!TrySplit(name, out var stem, out var number, out var encoded))
            {
                if (parameters.Count < MaxParameters && !parameters.Exists(p => p.Name == name))
                {
                    parameters.Add(new MimeParameter(name, value));
                }
            }
            else if (continued.TryGetValue(stem, out var parts) || continued.Count < MaxParameters)
            {
                parts ??= continued[stem] = [];
                parts.TryAdd(number, (value, encoded));
            }
        }

        foreach (var (stem, parts) in continued)
        {
            parameters.Add(JoinOne(stem, parts));
        }

        return parameters;
    }

    private static MimeParameter JoinOne(string stem, SortedDictionary<int, (string Value, bool Encoded)> parts)
    {
        var anyEncoded = parts.Values.Any(p => p.Encoded);
        var value = new StringBuilder();
        var next = 0;
        foreach (var (number, part) in parts)
        {
            // A gap means that the rest belongs to something lost.
            if (number != next++)
            {
                break;
            }

            if (number == 0 && anyEncoded && !part.Encoded)
            {
                value.Append("''");
            }

            value.Append(anyEncoded && !part.Encoded ? part.Value.Replace("%", "%25", StringComparison.Ordinal) : part.Value);
        }

        return new MimeParameter(anyEncoded ? stem + "*" : stem, value.ToString());
    }

    private static bool TrySplit(string name, out string stem, out int number, out bool encoded)
    {
        var bare = name.AsSpan();
        encoded = bare.EndsWith("*");
        bare = encoded ? bare[..^1] : bare;
        var star = bare.LastIndexOf('*');
        number = 0;
        stem = star > 0 ? bare[..star].ToString() : "";
        return star > 0 && int.TryParse(bare[(star + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
