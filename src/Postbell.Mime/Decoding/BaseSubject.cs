namespace Postbell.Mime.Decoding;

/// <summary>A subject without what replies, forwards and mailing lists put around it (RFC 5256 section 2.1).</summary>
/// <param name="Text">What is left, decoded, blanks made one; in its own case.</param>
/// <param name="IsReplyOrForward">True when something said that this is a reply or a forward.</param>
public readonly record struct BaseSubject(string Text, bool IsReplyOrForward)
{
    /// <summary>Longest subject looked at, in characters: the rest tells conversations apart no better.</summary>
    public const int MaxLength = 1_000;

    /// <summary>Takes a Subject header as it stood in the message; null gives the empty subject.</summary>
    public static BaseSubject Of(string? header)
    {
        ReadOnlySpan<char> text = OneBlank(EncodedWords.Decode(header ?? ""));
        var reply = false;
        while (true)
        {
            reply |= CutTrailers(ref text);
            while (CutLeader(ref text, ref reply) || CutBlob(ref text))
            {
            }

            if (!text.StartsWith("[fwd:", StringComparison.OrdinalIgnoreCase) || !text.EndsWith("]", StringComparison.Ordinal))
            {
                return new BaseSubject(text.ToString(), reply);
            }

            text = text["[fwd:".Length..^1];
            reply = true;
        }
    }

    private static string OneBlank(string text)
    {
        text = text.Length > MaxLength ? text[..MaxLength] : text;
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool CutTrailers(ref ReadOnlySpan<char> text)
    {
        var cut = false;
        text = text.TrimEnd();
        while (text.EndsWith("(fwd)", StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^"(fwd)".Length].TrimEnd();
            cut = true;
        }

        return cut;
    }

    /// <summary>subj-leader: any blobs, then re, fw or fwd, perhaps a blob, and a colon.</summary>
    private static bool CutLeader(ref ReadOnlySpan<char> text, ref bool reply)
    {
        var rest = text = text.TrimStart();
        while (TryBlob(ref rest))
        {
        }

        var word = rest.StartsWith("fwd", StringComparison.OrdinalIgnoreCase) ? 3
            : rest.StartsWith("re", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("fw", StringComparison.OrdinalIgnoreCase) ? 2
            : 0;
        if (word == 0)
        {
            return false;
        }

        rest = rest[word..].TrimStart();
        TryBlob(ref rest);
        if (rest.IsEmpty || rest[0] != ':')
        {
            return false;
        }

        text = rest[1..];
        reply = true;
        return true;
    }

    /// <summary>A blob at the start goes when something is left behind it.</summary>
    private static bool CutBlob(ref ReadOnlySpan<char> text)
    {
        var rest = text;
        if (!TryBlob(ref rest) || rest.IsEmpty)
        {
            return false;
        }

        text = rest;
        return true;
    }

    /// <summary>subj-blob: <c>[anything without brackets]</c> and blanks.</summary>
    private static bool TryBlob(ref ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '[')
        {
            return false;
        }

        var end = text[1..].IndexOfAny('[', ']') + 1;
        if (end == 0 || text[end] != ']')
        {
            return false;
        }

        text = text[(end + 1)..].TrimStart();
        return true;
    }
}
