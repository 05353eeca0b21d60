namespace Postbell.Mailbox;

/// <summary>What somebody may do with a folder (RFC 4314 section 2.1). The numbers are stored.</summary>
[Flags]
public enum FolderRights
{
    /// <summary>Nothing: the folder is not there for him.</summary>
    None = 0,

    /// <summary><c>l</c>: see it in lists.</summary>
    Lookup = 1,

    /// <summary><c>r</c>: open it and read its messages.</summary>
    Read = 2,

    /// <summary><c>s</c>: change <c>\Seen</c>.</summary>
    Seen = 4,

    /// <summary><c>w</c>: change other flags and keywords.</summary>
    Write = 8,

    /// <summary><c>i</c>: put messages into it.</summary>
    Insert = 16,

    /// <summary><c>p</c>: send mail to its address.</summary>
    Post = 32,

    /// <summary><c>k</c>: make folders below it.</summary>
    Create = 64,

    /// <summary><c>x</c>: delete or rename it.</summary>
    DeleteFolder = 128,

    /// <summary><c>t</c>: change <c>\Deleted</c>.</summary>
    DeleteMessages = 256,

    /// <summary><c>e</c>: remove what is marked as deleted.</summary>
    Expunge = 512,

    /// <summary><c>a</c>: say who may do what.</summary>
    Administer = 1024,

    /// <summary>Everything: what the owner may.</summary>
    All = 2047,
}

/// <summary>Rights as IMAP writes them.</summary>
public static class FolderRightsText
{
    private const string Letters = "lrswipkxtea";

    /// <summary>Reads letters; the old ones stand for what took their place (<c>c</c> for <c>k</c>, <c>d</c> for <c>x</c>, <c>t</c> and <c>e</c>; RFC 4314 section 2.1.1).</summary>
    /// <returns>False for any other letter.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out FolderRights rights)
    {
        rights = FolderRights.None;
        foreach (var letter in text)
        {
            var at = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (at >= 0)
            {
                rights |= (FolderRights)(1 << at);
            }
            else if (letter is 'c' or 'd')
            {
                rights |= letter == 'c' ? FolderRights.Create : FolderRights.DeleteFolder | FolderRights.DeleteMessages | FolderRights.Expunge;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes letters, without the old ones.</summary>
    public static string Format(FolderRights rights) => string.Concat(Letters.Where((_, i) => rights.HasFlag((FolderRights)(1 << i))));

    /// <summary>Writes letters for clients, who may look for the old ones.</summary>
    public static string FormatWithOld(FolderRights rights) => Format(rights)
        + (rights.HasFlag(FolderRights.Create) ? "c" : "")
        + ((rights & (FolderRights.DeleteFolder | FolderRights.DeleteMessages | FolderRights.Expunge)) != 0 ? "d" : "");
}
