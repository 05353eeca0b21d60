using Postbell.Core;

namespace Postbell.Mime.Composing;

/// <summary>File names made of text that strangers chose.</summary>
public static class FileName
{
    private const int MaxLength = 120;

    /// <summary>
    /// A name that is one plain file name on every system: no separators, no reserved or control characters, no leading dots, bounded length
    /// with its extension kept.
    /// </summary>
    public static string Clean(string name)
    {
        var clean = string.Concat(DisplayText.Clean(name, limit: 1000).Select(static c => c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' ? '_' : c));
        clean = clean.TrimStart('.', ' ').TrimEnd('.', ' ');
        if (clean.Length > MaxLength)
        {
            var dot = clean.LastIndexOf('.');
            var extension = dot > 0 && clean.Length - dot <= 10 ? clean[dot..] : "";
            clean = DisplayText.Clean(clean, MaxLength - extension.Length).TrimEnd('.', ' ') + extension;
        }

        return clean.Length == 0 ? "file" : clean;
    }
}
