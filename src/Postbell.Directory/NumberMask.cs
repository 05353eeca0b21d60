namespace Postbell.Directory;

/// <summary>Masks of digits and <c>x</c>, each <c>x</c> standing for one digit.</summary>
internal static class NumberMask
{
    /// <summary>True for an optional plus, then digits and <c>x</c>, 1 to 20 of them.</summary>
    public static bool IsValid(string mask)
    {
        var body = mask.AsSpan().TrimStart('+');
        return mask.Length - body.Length <= 1 && body.Length is >= 1 and <= 20 && body.IndexOfAnyExcept("0123456789xX") < 0;
    }

    /// <summary>True when <paramref name="number"/> has the form of <paramref name="mask"/>; a plus that only one of them has does not matter.</summary>
    public static bool Matches(string mask, string number)
    {
        var pattern = mask.AsSpan().TrimStart('+');
        var digits = number.AsSpan().TrimStart('+');
        if (pattern.Length != digits.Length)
        {
            return false;
        }

        for (var i = 0; i < pattern.Length; i++)
        {
            if (!char.IsAsciiDigit(digits[i]) || (pattern[i] is not ('x' or 'X') && pattern[i] != digits[i]))
            {
                return false;
            }
        }

        return true;
    }
}
