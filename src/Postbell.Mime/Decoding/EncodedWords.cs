using System.Text;

namespace Postbell.Mime.Decoding;

/// <summary>Encoded words of headers (RFC 2047, with the language suffix of RFC 2231).</summary>
public static class EncodedWords
{
    // RFC 2047 allows 75 characters; mailers that never split are read too, but a search for an end that is not there stays short.
    private const int MaxCharset = 60;
    private const int MaxContent = 4000;

    /// <summary>
    /// Decodes every encoded word; blanks between two of them are dropped, and a character split over two neighbours of one charset and encoding
    /// is put together. What is none stays as it is. The result is untrusted text and may hold control characters.
    /// </summary>
    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
        {
            return text;
        }

        var output = new StringBuilder(text.Length);
        var pending = new Pending();
        var position = 0;
        while (position < text.Length)
        {
            var start = text.IndexOf("=?", position, StringComparison.Ordinal);
            if (start < 0 || !TryRead(text, start, out var word))
            {
                var end = start < 0 ? text.Length : start + 2;
                pending.FlushTo(output);
                output.Append(text, position, end - position);
                position = end;
                continue;
            }

            var between = text.AsSpan(position, start - position);
            if (!pending.IsEmpty && between.IsWhiteSpace())
            {
                between = [];
            }

            if (between.Length > 0 || !pending.Joins(word))
            {
                pending.FlushTo(output);
                output.Append(between);
            }

            pending.Add(word);
            position = word.End;
        }

        pending.FlushTo(output);
        return output.ToString();
    }

    private static bool TryRead(string text, int start, out Word word)
    {
        word = default;
        var charsetEnd = text.IndexOf('?', start + 2, Math.Min(MaxCharset, text.Length - start - 2));
        if (charsetEnd < 0 || charsetEnd + 2 >= text.Length || text[charsetEnd + 2] != '?')
        {
            return false;
        }

        var kind = char.ToUpperInvariant(text[charsetEnd + 1]);
        var contentStart = charsetEnd + 3;
        var end = text.IndexOf("?=", contentStart, Math.Min(MaxContent, text.Length - contentStart), StringComparison.Ordinal);
        if (kind is not ('B' or 'Q') || end < 0)
        {
            return false;
        }

        var charset = text[(start + 2)..charsetEnd];
        var language = charset.IndexOf('*', StringComparison.Ordinal);
        charset = language >= 0 ? charset[..language] : charset;
        var content = text.AsSpan(contentStart, end - contentStart);
        if (!Charsets.IsKnown(charset) || content.ContainsAny(" \t?"))
        {
            return false;
        }

        word = new Word(charset, kind, Encoding.UTF8.GetBytes(content.ToString()), end + 2);
        return true;
    }

    private static byte[] DecodeContent(Word word)
    {
        if (word.Kind == 'B')
        {
            return TransferDecoder.Base64(word.Content);
        }

        word.Content.AsSpan().Replace((byte)'_', (byte)' ');
        var bytes = new byte[word.Content.Length];
        return bytes[..TransferDecoder.DecodeHexSigns(word.Content, bytes, (byte)'=')];
    }

    private readonly record struct Word(string Charset, char Kind, byte[] Content, int End);

    /// <summary>Neighbouring words of one charset, decoded to bytes but not yet to text.</summary>
    private sealed class Pending
    {
        private readonly MemoryStream _bytes = new();
        private Word _last;

        public bool IsEmpty { get; private set; } = true;

        public bool Joins(Word word) =>
            IsEmpty || (word.Kind == _last.Kind && word.Charset.Equals(_last.Charset, StringComparison.OrdinalIgnoreCase));

        public void Add(Word word)
        {
            _bytes.Write(DecodeContent(word));
            _last = word;
            IsEmpty = false;
        }

        public void FlushTo(StringBuilder output)
        {
            if (!IsEmpty)
            {
                output.Append(Charsets.Decode(_bytes.ToArray(), _last.Charset));
                _bytes.SetLength(0);
                IsEmpty = true;
            }
        }
    }
}
