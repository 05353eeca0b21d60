using System.Globalization;
using System.Text.RegularExpressions;

namespace Postbell.Mime.Composing;

/// <content>The moment of a Date header, for sorting.</content>
public static partial class MailDate
{
    /// <summary>
    /// The moment a Date header names. A time or zone that cannot be read counts as midnight and UTC, as RFC 5256 section 2.2 wants.
    /// False when there is not even a day.
    /// </summary>
    public static bool TryParseMoment(string? text, out DateTimeOffset moment)
    {
        moment = default;
        if (!TryParseDay(text, out var day))
        {
            return false;
        }

        var time = TimeOnly.MinValue;
        var offset = TimeSpan.Zero;
        if (TimePattern().Match(text!) is { Success: true } match)
        {
            int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
            if (Number("hour") < 24 && Number("minute") < 60 && Number("second") <= 60)
            {
                time = new TimeOnly(Number("hour"), Number("minute"), Math.Min(Number("second"), 59));
                offset = Offset(match.Groups["zone"].ValueSpan);
            }
        }

        var ticks = day.ToDateTime(time).Ticks - offset.Ticks;
        moment = new DateTimeOffset(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
        return true;
    }

    private static TimeSpan Offset(ReadOnlySpan<char> zone)
    {
        if (zone.Length == 5 && int.TryParse(zone[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var digits))
        {
            var minutes = (digits / 100 * 60) + (digits % 100);
            return TimeSpan.FromMinutes(zone[0] == '-' ? -minutes : minutes);
        }

        // The zones of RFC 5322 section 4.3; every other name says nothing.
        return zone switch
        {
            "EDT" => TimeSpan.FromHours(-4),
            "EST" or "CDT" => TimeSpan.FromHours(-5),
            "CST" or "MDT" => TimeSpan.FromHours(-6),
            "MST" or "PDT" => TimeSpan.FromHours(-7),
            "PST" => TimeSpan.FromHours(-8),
            _ => TimeSpan.Zero,
        };
    }

    [GeneratedRegex(@"(?<![0-9:])(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2}))?(?:\s*(?<zone>[+-][0-9]{4}|[A-Z]{1,4}))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex TimePattern();
}
