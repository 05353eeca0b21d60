namespace Postbell.Mailbox.Searching;

/// <summary>
/// How text is compared: without regard to case by Unicode's simple case mapping, as <see cref="StringComparison.OrdinalIgnoreCase"/> does it. What is folded
/// here and compared as it is gives the same answer, and so does the index.
/// </summary>
internal static class TextFolding
{
    // The index ends a text at a NUL.
    public static string Fold(string text) => text.ToUpperInvariant().Replace('\0', '\ufffd');

    public static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
