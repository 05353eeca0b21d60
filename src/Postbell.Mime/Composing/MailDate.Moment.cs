using System.Globalization;

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
        if (TryFindTime(text, out var hour, out var minute, out var second, out var zone) && hour < 24 && minute < 60 && second <= 60)
        {
            time = new TimeOnly(hour, minute, Math.Min(second, 59));
            offset = Offset(zone);
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

    /// <summary>The first that looks like <c>9:05</c> or <c>09:05:30</c>, and the zone behind it where there is one.</summary>
    private static bool TryFindTime(ReadOnlySpan<char> text, out int hour, out int minute, out int second, out ReadOnlySpan<char> zone)
    {
        (hour, minute, second) = (0, 0, 0);
        zone = default;
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                continue;
            }

            var behindColon = at > 0 && text[at - 1] == ':';
            var left = text[at..];
            var digits = TakeDigits(ref left);
            if (!behindColon && digits.Length <= 2 && TryTakeSixtieth(ref left, out minute))
            {
                hour = Number(digits);
                _ = TryTakeSixtieth(ref left, out second);
                zone = Zone(left.TrimStart());
                return true;
            }

            at += digits.Length - 1;
        }

        return false;
    }

    /// <summary><c>:05</c>, whatever follows.</summary>
    private static bool TryTakeSixtieth(ref ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        if (text.Length < 3 || text[0] != ':' || !char.IsAsciiDigit(text[1]) || !char.IsAsciiDigit(text[2]))
        {
            return false;
        }

        number = Number(text[1..3]);
        text = text[3..];
        return true;
    }

    /// <summary><c>+0100</c>, or up to four capitals; empty for anything else.</summary>
    private static ReadOnlySpan<char> Zone(ReadOnlySpan<char> text)
    {
        if (text.Length >= 5 && text[0] is '+' or '-')
        {
            var digits = text[1..];
            return TakeDigits(ref digits).Length >= 4 ? text[..5] : default;
        }

        var length = 0;
        while (length < Math.Min(4, text.Length) && char.IsAsciiLetterUpper(text[length]))
        {
            length++;
        }

        return text[..length];
    }
}
