namespace Postbell.Core;

/// <summary>Telephone numbers as text: digits with an optional leading plus (E.164), visual separators of RFC 3966 removed.</summary>
public static class PhoneNumber
{
    /// <summary>Most digits that are looked at (E.164 allows 15; dial strings with codes are longer).</summary>
    public const int MaxDigits = 32;

    /// <summary>
    /// Removes visual separators (blank, "-", ".", "(", ")", "/"). False when what is left is empty, too long, or not a number:
    /// then it may be a name, as in <c>sip:tony@example.com</c>.
    /// </summary>
    public static bool TryNormalise(ReadOnlySpan<char> text, out string number)
    {
        Span<char> digits = stackalloc char[MaxDigits + 1];
        var length = 0;
        foreach (var c in text)
        {
            if (c is ' ' or '-' or '.' or '(' or ')' or '/')
            {
                continue;
            }

            if (length > MaxDigits || !(char.IsAsciiDigit(c) || (c is '*' or '#') || (c == '+' && length == 0)))
            {
                number = "";
                return false;
            }

            digits[length++] = c;
        }

        number = digits[..length].ToString();
        return length > 0 && number != "+";
    }
}
