using System.Globalization;
using System.Text.RegularExpressions;

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
        if (text is null || DayPattern().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var month = Array.FindIndex(Months, m => m.Equals(match.Groups["month"].Value, StringComparison.OrdinalIgnoreCase)) + 1;
        var year = int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture);
        year += match.Groups["year"].Length switch { 2 => year < 50 ? 2000 : 1900, 3 => 1900, _ => 0 };
        var number = int.Parse(match.Groups["day"].Value, CultureInfo.InvariantCulture);
        if (month == 0 || year is < 1 or > 9999 || number < 1 || number > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, number);
        return true;
    }

    [GeneratedRegex(@"^\s*(?:[A-Za-z]+\s*,?\s*)?(?<day>[0-9]{1,2})[\s-]+(?<month>[A-Za-z]{3})[A-Za-z]*[\s-]+(?<year>[0-9]{2,4})(?![0-9])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex DayPattern();
}
