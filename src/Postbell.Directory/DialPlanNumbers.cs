namespace Postbell.Directory;

/// <summary>The forms in which a dialled address may name a person of a dial plan.</summary>
internal static class DialPlanNumbers
{
    private const int MaxInternationalDigits = 15;

    /// <summary>Keys to look for, most specific first; none when the address does not have the form of the dial plan.</summary>
    public static IEnumerable<string> Candidates(DialPlan plan, DialedAddress dialed)
    {
        if (plan.UriType == UriType.SipName && dialed.Address is { } address)
        {
            yield return address;
        }

        if (dialed.Number is not { } number)
        {
            yield break;
        }

        if (IsExtension(plan, number))
        {
            yield return number;
        }
        else if (plan.UriType == UriType.E164 && IsInternational(number))
        {
            yield return number;
        }

        if (plan.NumberingPlanFormats.Any(mask => NumberMask.Matches(mask, number)))
        {
            yield return number[Math.Max(0, number.Length - plan.NumberOfDigitsInExtension)..];
        }
    }

    /// <summary>True for digits only, as many as the dial plan says.</summary>
    public static bool IsExtension(DialPlan plan, string number) =>
        number.Length == plan.NumberOfDigitsInExtension && number.All(char.IsAsciiDigit);

    /// <summary>The key of a person's SIP resource identifier in a dial plan, or null when it does not have the right form.</summary>
    public static string? ResourceKey(DialPlan plan, string identifier)
    {
        var parsed = DialedAddress.Parse(identifier);
        return plan.UriType switch
        {
            UriType.SipName => parsed.Address,
            UriType.E164 when parsed.Number is { } number && IsInternational(number) => number,
            _ => null,
        };
    }

    private static bool IsInternational(string number) =>
        number.Length is >= 2 and <= MaxInternationalDigits + 1 && number[0] == '+' && number.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
