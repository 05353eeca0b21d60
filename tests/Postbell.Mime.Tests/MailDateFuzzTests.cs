using System.Globalization;
using System.Text.RegularExpressions;
using Postbell.Mime.Composing;

namespace Postbell.Mime.Tests;

/// <summary>Dates are read without a pattern engine, whose limit of time a busy machine passes; what they mean is what the patterns say.</summary>
public sealed partial class MailDateFuzzTests
{
    private static readonly string[] Pieces =
        ["Mon", ", ", ",", " ", "-", "1", "14", "314", "Nov", "November", "no", "Mai", "2023", "23", "123", "22:13:20", "9:05", ":", "7", "+0100", "-0330", "+99", "GMT", "EST", "est", "(CET)", "\t"];

    [Theory]
    [InlineData("Tue, 14 Nov 2023 22:13:20 +0100", "2023-11-14T21:13:20")]
    [InlineData("14-Nov-23 9:05", "2023-11-14T09:05:00")]
    [InlineData("1 february 101 00:00 EST", "2001-02-01T05:00:00")]
    [InlineData("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59")]
    [InlineData("1 Jan 2024 25:00 +0100", "2024-01-01T00:00:00")]
    [InlineData("1 Jan 2024 1:2:33:44 -0000", "2024-01-01T00:00:00")]
    public void The_moment_is_the_one_that_is_written(string text, string moment)
    {
        MailDate.TryParseMoment(text, out var read).ShouldBeTrue();
        read.UtcDateTime.ToString("s", CultureInfo.InvariantCulture).ShouldBe(moment);
    }

    [Fact]
    public void Whatever_stands_there_is_read_as_the_patterns_say()
    {
        var random = new Random(5322);
        for (var round = 0; round < 30_000; round++)
        {
            var text = round % 2 == 0 ? "" : "Tue, 14 Nov 2023";
            for (var n = random.Next(1, 9); n > 0; n--)
            {
                text += Pieces[random.Next(Pieces.Length)] + (random.Next(3) == 0 ? "" : " ");
            }

            var expected = DayPattern().Match(text) is { Success: true } day
                && DateOnly.TryParseExact($"{day.Groups["day"].Value.PadLeft(2, '0')} {day.Groups["month"].Value} {Year(day.Groups["year"].Value):0000}", "dd MMM yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? date
                : (DateOnly?)null;
            Assert.Equal(expected, MailDate.TryParseDay(text, out var read) ? read : null);
            if (expected is { } known)
            {
                var time = TimePattern().Match(text);
                var offset = time.Success && Number(time, "hour") < 24 && Number(time, "minute") < 60 && Number(time, "second") <= 60
                    ? new TimeSpan(Number(time, "hour"), Number(time, "minute"), Math.Min(59, Number(time, "second"))) - Zone(time.Groups["zone"].Value)
                    : TimeSpan.Zero;
                Assert.True(MailDate.TryParseMoment(text, out var moment));
                Assert.Equal(known.ToDateTime(TimeOnly.MinValue) + offset, moment.UtcDateTime);
            }
        }
    }

    private static int Year(string digits) => int.Parse(digits) + digits.Length switch { 2 => int.Parse(digits) < 50 ? 2000 : 1900, 3 => 1900, _ => 0 };

    private static int Number(Match match, string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan) : 0;

    private static TimeSpan Zone(string zone) => zone == "EST" ? TimeSpan.FromHours(-5)
        : zone.Length == 5 ? ((int.Parse(zone[1..3]) * TimeSpan.FromHours(1)) + (int.Parse(zone[3..]) * TimeSpan.FromMinutes(1))) * (zone[0] == '-' ? -1 : 1)
        : TimeSpan.Zero;

    [GeneratedRegex(@"^\s*(?:[A-Za-z]+\s*,?\s*)?(?<day>[0-9]{1,2})[\s-]+(?<month>[A-Za-z]{3})[A-Za-z]*[\s-]+(?<year>[0-9]{2,4})(?![0-9])", RegexOptions.ExplicitCapture, -1)]
    private static partial Regex DayPattern();

    [GeneratedRegex(@"(?<![0-9:])(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2}))?(?:\s*(?<zone>[+-][0-9]{4}|[A-Z]{1,4}))?", RegexOptions.ExplicitCapture, -1)]
    private static partial Regex TimePattern();
}
