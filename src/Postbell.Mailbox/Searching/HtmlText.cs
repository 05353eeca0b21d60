using System.Net;
using System.Text;

namespace Postbell.Mailbox.Searching;

/// <summary>What a reader sees of HTML, near enough for searching and previews: no tags, comments, styles or scripts.</summary>
internal static class HtmlText
{
    private static readonly string[] Unseen = ["style", "script", "title"];

    // Other tags stand within words ("<b>Post</b>bell").
    private static readonly string[] Breaking =
    [
        "p", "br", "div", "td", "th", "tr", "li", "ul", "ol", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "body", "head", "section", "article",
    ];

    public static string Plain(string html)
    {
        var text = new StringBuilder(html.Length);
        var position = 0;
        while (position < html.Length)
        {
            var open = html.IndexOf('<', position);
            text.Append(html, position, (open < 0 ? html.Length : open) - position);
            position = open < 0 ? html.Length : Skip(html, open, text);
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    // Returns where text goes on behind the tag.
    private static int Skip(string html, int open, StringBuilder text)
    {
        if (string.CompareOrdinal(html, open, "<!--", 0, 4) == 0)
        {
            return Behind(html, "-->", open + 4);
        }

        var name = NameAt(html, open + 1);
        if (Breaking.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            text.Append('\n');
        }

        var end = Behind(html, ">", open);
        return Unseen.Contains(name, StringComparer.OrdinalIgnoreCase) && html[open + 1] != '/' && html.IndexOf("</" + name, end, StringComparison.OrdinalIgnoreCase) is >= 0 and var close
            ? Behind(html, ">", close)
            : end;
    }

    private static int Behind(string html, string mark, int from)
    {
        var at = from > html.Length ? -1 : html.IndexOf(mark, from, StringComparison.Ordinal);
        return at < 0 ? html.Length : at + mark.Length;
    }

    private static string NameAt(string html, int position)
    {
        var start = position < html.Length && html[position] == '/' ? position + 1 : position;
        var end = start;
        while (end < html.Length && end - start < 12 && char.IsAsciiLetterOrDigit(html[end]))
        {
            end++;
        }

        return html[start..end];
    }
}
