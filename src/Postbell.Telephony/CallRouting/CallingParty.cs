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

    /// <summary>Reads the From header (RFC 3261 section 20.20; anonymous callers as in RFC 3323 section 4.1).</summary>
    public static CallingParty Of(SipRequest invite)
    {
        var from = invite.From;
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
