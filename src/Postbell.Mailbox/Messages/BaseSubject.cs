namespace Postbell.Mailbox.Messages;

/// <summary>The subject without what replies and forwards put around it, in the spirit of RFC 5256 section 2.1.</summary>
internal static class BaseSubject
{
    private static readonly string[] Prefixes = ["re", "fw", "fwd", "aw", "wg", "sv", "antw"];

    /// <summary>The bare subject in lower case, and whether it was that of a reply or forward.</summary>
    public static (string Text, bool IsReply) Of(string subject)
    {
        var text = string.Join(' ', subject.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).AsSpan();
        var isReply = false;
        while (true)
        {
            if (BehindPrefix(text) is >= 0 and var behind)
            {
                isReply = true;
                text = text[behind..].TrimStart();
            }
            else if (BehindBlob(text) is > 0 and var end && end < text.Length)
            {
                // A list's tag; a subject that is nothing else keeps it.
                text = text[end..].TrimStart();
            }
            else
            {
                return (text.ToString().ToLowerInvariant(), isReply);
            }
        }
    }

    // "Re:", "Re [2]:"; -1 when there is none.
    private static int BehindPrefix(ReadOnlySpan<char> text)
    {
        foreach (var prefix in Prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                var position = SkipBlank(text, prefix.Length);
                position = SkipBlank(text, position + BehindBlob(text[position..]));
                if (position < text.Length && text[position] == ':')
                {
                    return position + 1;
                }
            }
        }

        return -1;
    }

    // 0 when the text does not begin with one.
    private static int BehindBlob(ReadOnlySpan<char> text) => text is ['[', ..] ? text.IndexOf(']') + 1 : 0;

    private static int SkipBlank(ReadOnlySpan<char> text, int position) => position < text.Length && text[position] == ' ' ? position + 1 : position;
}
