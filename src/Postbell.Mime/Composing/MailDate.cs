using System.Globalization;

namespace Postbell.Mime.Composing;

/// <summary>Dates of RFC 5322 section 3.3.</summary>
public static partial class MailDate
{
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>For instance <c>Sun, 01 Mar 2026 09:00:00 +0000</c>.</summary>
    public static string Format(DateTimeOffset date)
    {
        var offset = (int)date.Offset.TotalMinutes;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{date:ddd, dd} {Months[date.Month - 1]} {date:yyyy HH':'mm':'ss} {(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 60:00}{Math.Abs(offset) % 60:00}");
    }

    /// <summary>The calendar day a Date header names, its time and zone ignored; two-digit years as RFC 5322 section 4.3. False when there is none.</summary>
    public static bool TryParseDay(string? text, out DateOnly day)
    {
        day = default;
        var left = text.AsSpan().TrimStart();
        if (TakeLetters(ref left).Length > 0)
        {
            left = left.TrimStart();
            left = (left.StartsWith(",") ? left[1..] : left).TrimStart();
        }

        var number = TakeDigits(ref left);
        if (number.Length is not (1 or 2) || !TakeGap(ref left) || TakeLetters(ref left) is not { Length: >= 3 } month || !TakeGap(ref left))
        {
            return false;
        }

        var year = TakeDigits(ref left);
        return year.Length is >= 2 and <= 4 && TryMakeDay(Year(year), Month(month), Number(number), out day);
    }

    private static bool TryMakeDay(int year, int month, int number, out DateOnly day)
    {
        day = default;
        if (month == 0 || year is < 1 or > 9999 || number < 1 || number > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, number);
        return true;
    }

    /// <summary>Years of two digits up to 49 are of this century, those of three count from 1900 (RFC 5322 section 4.3).</summary>
    private static int Year(ReadOnlySpan<char> digits) =>
        Number(digits) + digits.Length switch { 2 => Number(digits) < 50 ? 2000 : 1900, 3 => 1900, _ => 0 };

    /// <summary>By its first three letters; zero for none.</summary>
    private static int Month(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Months.Length; i++)
        {
            if (name[..3].Equals(Months[i], StringComparison.OrdinalIgnoreCase))
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static ReadOnlySpan<char> TakeLetters(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiLetter(text[length]))
        {
            length++;
        }

        return Take(ref text, length);
    }

    private static ReadOnlySpan<char> TakeDigits(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        return Take(ref text, length);
    }

    /// <summary>Blanks and hyphens, at least one.</summary>
    private static bool TakeGap(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (text[length] == '-' || char.IsWhiteSpace(text[length])))
        {
            length++;
        }

        return Take(ref text, length).Length > 0;
    }

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text, int length)
    {
        var taken = text[..length];
        text = text[length..];
        return taken;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
