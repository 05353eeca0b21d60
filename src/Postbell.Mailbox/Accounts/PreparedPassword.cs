using System.Globalization;
using System.Text;

namespace Postbell.Mailbox.Accounts;

/// <summary>
/// A password in the form in which clients mean the same by it (SASLprep, RFC 4013): all spaces are one, what shows nothing is left out. Its last step, the
/// composed form, is taken for granted: keyboards make that one, and the framework runs without the tables for it.
/// </summary>
internal static class PreparedPassword
{
    /// <summary>The prepared form; the text itself when it has characters that SASLprep forbids.</summary>
    public static string Of(string password)
    {
        if (Ascii.IsValid(password))
        {
            return password;
        }

        var mapped = new StringBuilder(password.Length);
        foreach (var c in password)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator)
            {
                mapped.Append(' ');
            }
            else if (!IsMappedToNothing(c))
            {
                mapped.Append(c);
            }
        }

        var prepared = mapped.ToString();
        return prepared.Length == 0 || prepared.Any(IsForbidden) ? password : prepared;
    }

    // RFC 3454 table B.1.
    private static bool IsMappedToNothing(char c) =>
        c is '\u00ad' or '\u034f' or '\u1806' or (>= '\u180b' and <= '\u180d') or (>= '\u200b' and <= '\u200d') or '\u2060' or (>= '\ufe00' and <= '\ufe0f') or '\ufeff';

    private static bool IsForbidden(char c) => char.IsControl(c) || c is '\ufffd' || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.PrivateUse;
}
