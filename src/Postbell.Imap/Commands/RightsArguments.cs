using System.Text;
using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>What commands about rights name: a mailbox, somebody, and rights (RFC 4314 section 3).</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="Identifier">Who: a sign-in name, or <c>anyone</c>.</param>
/// <param name="Change">Makes the new rights of those there were.</param>
internal sealed record RightsArguments(string Mailbox, string Identifier, Func<FolderRights, FolderRights> Change)
{
    private const string Anyone = "anyone";

    /// <summary>The sign-in name; null for everybody.</summary>
    public string? UserName => Identifier == Anyone ? null : Identifier;

    /// <summary>True for one whose rights are to be taken away whatever else gives them, which is not offered.</summary>
    public bool IsNegative => Identifier.StartsWith('-');

    /// <summary>How somebody is called in answers.</summary>
    public static string NameOf(FolderGrant grant) => grant.UserName ?? Anyone;

    /// <summary>Reads mailbox and identifier, and behind them rights where <paramref name="withRights"/>.</summary>
    public static bool TryParse(ref CommandReader reader, bool withRights, out RightsArguments arguments)
    {
        arguments = null!;
        Func<FolderRights, FolderRights> change = static rights => rights;
        if (!reader.Space() || !reader.Mailbox(out var mailbox) || !reader.Space() || !reader.AString(out var identifier)
            || (withRights && !(reader.Space() && Rights(ref reader, out change))) || !reader.End())
        {
            return false;
        }

        arguments = new RightsArguments(mailbox, Encoding.UTF8.GetString(identifier), change);
        return true;
    }

    private static bool Rights(ref CommandReader reader, out Func<FolderRights, FolderRights> change)
    {
        change = null!;
        if (!reader.AString(out var bytes))
        {
            return false;
        }

        var text = Encoding.ASCII.GetString(bytes);
        var sign = text.Length > 0 && text[0] is '+' or '-' ? text[0] : ' ';
        if (!FolderRightsText.TryParse(sign == ' ' ? text : text[1..], out var rights))
        {
            return reader.Fail(ParseFailure.RightUnknown);
        }

        change = sign switch
        {
            '+' => before => before | rights,
            '-' => before => before & ~rights,
            _ => _ => rights,
        };
        return true;
    }
}
