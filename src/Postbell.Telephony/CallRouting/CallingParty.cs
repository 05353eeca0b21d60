using Postbell.Core;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.CallRouting;

/// <summary>
/// Who calls, as far as the network says: untrusted text, cleaned for display, never proof of anything.
/// </summary>
/// <param name="Number">Number or user part of the From URI; null for anonymous callers.</param>
/// <param name="Name">Display name; null when there is none or it only repeats the number.</param>
public sealed record CallingParty(string? Number, string? Name)
{
    private const int MaxNumber = 64;

    /// <summary>A caller who withheld everything.</summary>
    public static readonly CallingParty Anonymous = new(null, null);

    /// <summary>
    /// Reads who calls. Gateways are trusted, so what they assert (P-Asserted-Identity, RFC 3325) goes before From; what they ask to withhold (Privacy,
    /// RFC 3323; anonymous From) is withheld from the called person too. P-Preferred-Identity and Identity say nothing here: nobody checked them.
    /// </summary>
    public static CallingParty Of(SipRequest invite) => IsWithheld(invite) ? Anonymous : Of(Asserted(invite) ?? invite.From);

    private static bool IsWithheld(SipRequest invite)
    {
        foreach (var line in invite.Headers.GetAll("Privacy"))
        {
            if (line.Split([';', ',']).Select(value => value.Trim().ToLowerInvariant()).Any(value => value is "id" or "user" or "header"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first identity that is a number or a person; a header may hold a sip and a tel URI.</summary>
    private static NameAddress? Asserted(SipRequest invite)
    {
        foreach (var value in invite.Headers.GetValues("P-Asserted-Identity"))
        {
            if (NameAddress.TryParse(value, out var identity) && identity.Uri.User is { Length: > 0 })
            {
                return identity;
            }
        }

        return null;
    }

    private static CallingParty Of(NameAddress from)
    {
        var user = from.Uri.User;
        if (string.IsNullOrEmpty(user) || user.Equals("anonymous", StringComparison.OrdinalIgnoreCase)
            || from.Uri.Host.Equals("anonymous.invalid", StringComparison.OrdinalIgnoreCase))
        {
            return Anonymous;
        }

        var number = PhoneNumber.TryNormalise(user, out var digits) ? digits : DisplayText.Clean(user, MaxNumber);
        var name = from.DisplayName is { } text ? DisplayText.Clean(text) : "";
        return new CallingParty(
            number.Length == 0 ? null : number,
            name.Length == 0 || name == number || name == user || name.Equals("anonymous", StringComparison.OrdinalIgnoreCase) ? null : name);
    }
}
