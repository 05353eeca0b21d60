namespace Postbell.Mailbox.Folders;

/// <summary>Rules for folder names.</summary>
internal static class FolderName
{
    private const int MaxLength = 1000;
    private const int MaxLevels = 50;

    /// <summary>The name as it is stored: INBOX in capitals, no trailing separator.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.InvalidFolderName"/>.</exception>
    public static string Normalise(string name)
    {
        var trimmed = name.EndsWith(FolderNames.Separator) ? name[..^1] : name;
        var levels = trimmed.Split(FolderNames.Separator);
        if (trimmed.Length > MaxLength || levels.Length > MaxLevels || levels.Any(static level => level.Length == 0)
            || trimmed.Any(static c => char.IsControl(c) || c == '\ufffd') || !IsWellFormed(trimmed))
        {
            throw new MailboxException(MailboxFailure.InvalidFolderName, "That is no folder name.");
        }

        if (levels[0].Equals(FolderNames.Inbox, StringComparison.OrdinalIgnoreCase))
        {
            levels[0] = FolderNames.Inbox;
        }

        return string.Join(FolderNames.Separator, levels);
    }

    /// <summary>The names above, outermost first.</summary>
    public static IEnumerable<string> Parents(string name)
    {
        for (var i = name.IndexOf(FolderNames.Separator, StringComparison.Ordinal); i >= 0; i = name.IndexOf(FolderNames.Separator, i + 1))
        {
            yield return name[..i];
        }
    }

    /// <summary>True when <paramref name="name"/> lies somewhere below <paramref name="parent"/>.</summary>
    public static bool IsBelow(string name, string parent) =>
        name.Length > parent.Length && name[parent.Length] == FolderNames.Separator && name.StartsWith(parent, StringComparison.Ordinal);

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == System.Text.Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }
}
