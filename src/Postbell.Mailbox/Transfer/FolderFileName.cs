using System.Globalization;
using System.Text;

namespace Postbell.Mailbox.Transfer;

/// <summary>Folder names as names of files: whatever a folder is called, the file lies where it should.</summary>
internal static class FolderFileName
{
    /// <summary>For mbox: one level, the separator and everything with a meaning to a file system as <c>%XX</c> of its UTF-8 bytes.</summary>
    public static string ForMbox(string folder) => Escape(folder, static c => c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|') + ".mbox";

    /// <summary>For Maildir++: levels after dots; empty for INBOX, which is the folder itself.</summary>
    public static string ForMaildir(string folder) => folder == FolderNames.Inbox
        ? ""
        : string.Concat(folder.Split(FolderNames.Separator).Select(static level => "." + Escape(level, static c => c is '.' or '/' or '\\')));

    public static string OfMbox(string file) => Unescape(Path.GetFileNameWithoutExtension(file));

    public static string OfMaildir(string directory) => directory.Length == 0
        ? FolderNames.Inbox
        : string.Join(FolderNames.Separator, directory[1..].Split('.').Select(Unescape));

    private static string Escape(string name, Func<char, bool> isSpecial)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            // A leading dot would hide the file, or name the folder above.
            if (isSpecial(c) || c == '%' || char.IsControl(c) || (i == 0 && c is '.' or '~' or ' '))
            {
                foreach (var value in Encoding.UTF8.GetBytes([c]))
                {
                    text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
                }
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    // What is no escape of ours stays as it is: foreign names have a % now and then.
    private static string Unescape(string name)
    {
        var bytes = new List<byte>();
        var utf8 = Encoding.UTF8.GetBytes(name);
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '%' && i + 2 < utf8.Length
                && byte.TryParse(utf8.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.Add(utf8[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
