using System.Text;
using Postbell.Mailbox;

namespace Postbell.Imap.Protocol;

/// <summary>The arguments of CREATE (RFC 3501 section 6.3.3, RFC 6154 section 3).</summary>
/// <param name="Mailbox">The name.</param>
/// <param name="Use">The use asked for.</param>
/// <param name="UseIsPossible">False when a use was asked for that no folder can have, or several.</param>
internal sealed record CreateRequest(string Mailbox, FolderUse Use, bool UseIsPossible)
{
    public static bool TryParse(ref CommandReader reader, out CreateRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.Mailbox(out var mailbox))
        {
            return false;
        }

        var uses = new List<string>();
        if (reader.TakeIf((byte)' ') && !reader.AtEnd && !TryUses(ref reader, uses))
        {
            return false;
        }

        if (!reader.End())
        {
            return false;
        }

        var use = uses.Count == 1 ? Known(uses[0]) : FolderUse.None;
        request = new CreateRequest(mailbox, use, uses.Count == 0 || use != FolderUse.None);
        return true;
    }

    private static bool TryUses(ref CommandReader reader, List<string> uses)
    {
        if (!reader.Expect((byte)'(', ParseFailure.TrailingCharacters))
        {
            return false;
        }

        return (reader.TakeWord("USE"u8) || reader.Fail(ParseFailure.CreateOptionUnknown))
            && reader.Space() && TryUseList(ref reader, uses) && reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryUseList(ref CommandReader reader, List<string> uses)
    {
        if (!reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        if (reader.TakeIf((byte)')'))
        {
            return true;
        }

        do
        {
            if (uses.Count >= reader.Limits.ListEntries)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if (!reader.Expect((byte)'\\', ParseFailure.FlagExpected) || !reader.Atom(out var name))
            {
                return false;
            }

            uses.Add(Encoding.ASCII.GetString(name).ToUpperInvariant());
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static FolderUse Known(string use) => use switch
    {
        "ARCHIVE" => FolderUse.Archive,
        "DRAFTS" => FolderUse.Drafts,
        "JUNK" => FolderUse.Junk,
        "SENT" => FolderUse.Sent,
        "TRASH" => FolderUse.Trash,
        _ => FolderUse.None,
    };
}
