using System.Text;

namespace Postbell.Mime.Headers;

/// <summary>Reads address lists (RFC 5322 section 3.4 with the obsolete forms); what cannot be understood is kept as a mailbox without a host.</summary>
public static class AddressListParser
{
    /// <summary>Parses the value of From, To and the like. Groups appear as start and end entries, see <see cref="MimeAddress"/>.</summary>
    public static IReadOnlyList<MimeAddress> Parse(string value, int limit = 1000)
    {
        var addresses = new List<MimeAddress>();
        var scanner = new Scanner(value);
        while (addresses.Count < limit && scanner.TryRead(addresses))
        {
        }

        if (scanner.InGroup)
        {
            addresses.Add(new MimeAddress(null, null, null, null));
        }

        return addresses;
    }

    private ref struct Scanner(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private readonly StringBuilder _phrase = new();
        private int _position;
        private string? _comment;
        private bool _quoted;
        private bool _sawAt;

        public bool InGroup { get; private set; }

        // Reads up to the next separator and adds what it makes; false at the end of the text.
        public bool TryRead(List<MimeAddress> addresses)
        {
            _phrase.Clear();
            _comment = null;
            _quoted = false;
            _sawAt = false;
            while (_position < _text.Length)
            {
                var c = _text[_position];
                switch (c)
                {
                    case ',':
                        _position++;
                        AddBare(addresses);
                        return true;
                    case ':' when !InGroup && !_sawAt:
                        _position++;
                        InGroup = true;
                        addresses.Add(new MimeAddress(null, null, _phrase.ToString().Trim(), null));
                        return true;
                    case ';' when InGroup:
                        _position++;
                        InGroup = false;
                        AddBare(addresses);
                        addresses.Add(new MimeAddress(null, null, null, null));
                        return true;
                    case '<':
                        ReadAngle(addresses);
                        return true;
                    case '"':
                        ReadQuoted();
                        break;
                    case '(':
                        ReadComment();
                        break;
                    default:
                        AppendWord(c);
                        _position++;
                        break;
                }
            }

            AddBare(addresses);
            return false;
        }

        // name <@route:mailbox@host>
        private void ReadAngle(List<MimeAddress> addresses)
        {
            var close = _text[_position..].IndexOf('>');
            var inside = close < 0 ? _text[(_position + 1)..] : _text.Slice(_position + 1, close - 1);
            _position = close < 0 ? _text.Length : _position + close + 1;
            string? route = null;
            var colon = inside.IndexOf(':');
            if (inside.StartsWith("@") && colon > 0)
            {
                route = inside[..colon].ToString();
                inside = inside[(colon + 1)..];
            }

            var name = _phrase.ToString().Trim();
            if (inside.Trim().Length > 0 || name.Length > 0)
            {
                addresses.Add(Split(inside, name.Length > 0 ? name : null, route));
            }

            SkipToSeparator();
        }

        private void AddBare(List<MimeAddress> addresses)
        {
            var bare = _phrase.ToString().Trim();
            if (bare.Length == 0)
            {
                return;
            }

            // "mailbox@host (Name)" is the older way to write a name.
            addresses.Add(_quoted || !bare.Contains('@', StringComparison.Ordinal)
                ? new MimeAddress(_comment, null, bare, "")
                : Split(bare, _comment, null));
        }

        private static MimeAddress Split(ReadOnlySpan<char> address, string? name, string? route)
        {
            var at = address.LastIndexOf('@');
            var mailbox = (at < 0 ? address : address[..at]).Trim();
            var host = at < 0 ? [] : address[(at + 1)..].Trim();
            if (mailbox.Length > 1 && mailbox[0] == '"' && mailbox[^1] == '"')
            {
                mailbox = mailbox[1..^1];
            }

            return new MimeAddress(name, route, mailbox.ToString(), host.ToString());
        }

        private void ReadQuoted()
        {
            var address = new StringBuilder();
            for (_position++; _position < _text.Length && _text[_position] != '"'; _position++)
            {
                if (_text[_position] == '\\' && _position + 1 < _text.Length)
                {
                    _position++;
                }

                address.Append(_text[_position]);
            }

            _position++;
            _phrase.Append(address);
            // A quoted name may hold an at sign; a quoted local part is followed by one.
            _quoted = _position >= _text.Length || _text[_position] != '@';
        }

        private void ReadComment()
        {
            var depth = 0;
            var comment = new StringBuilder();
            for (; _position < _text.Length; _position++)
            {
                var c = _text[_position];
                if (c == '(' && depth++ == 0)
                {
                    continue;
                }

                if (c == ')' && --depth == 0)
                {
                    _position++;
                    break;
                }

                if (c == '\\' && _position + 1 < _text.Length)
                {
                    c = _text[++_position];
                }

                comment.Append(c);
            }

            _comment ??= comment.ToString().Trim() is { Length: > 0 } text ? text : null;
        }

        private void AppendWord(char c)
        {
            // Runs of blanks in a phrase are one blank.
            if (c is ' ' or '\t')
            {
                if (_phrase.Length > 0 && _phrase[^1] != ' ')
                {
                    _phrase.Append(' ');
                }
            }
            else
            {
                _sawAt |= c == '@';
                _phrase.Append(c);
            }
        }

        private void SkipToSeparator()
        {
            while (_position < _text.Length && _text[_position] is not (',' or ';' or '<'))
            {
                if (_text[_position] == '(')
                {
                    ReadComment();
                }
                else
                {
                    _position++;
                }
            }

            if (_position < _text.Length && _text[_position] == ',')
            {
                _position++;
            }
        }
    }
}
