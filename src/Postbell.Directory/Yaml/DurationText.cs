using System.Globalization;

namespace Postbell.Directory.Yaml;

/// <summary>Times as people write them in a configuration: a number and a unit, <c>ms</c>, <c>s</c>, <c>min</c>, <c>h</c> or <c>d</c>.</summary>
public static class DurationText
{
    private static readonly (string Unit, double Milliseconds)[] s_units =
        [("ms", 1), ("min", 60_000), ("s", 1000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>Reads a time that is not negative; false for anything else, also for a number without a unit.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        var trimmed = text.AsSpan().Trim();
        foreach (var (unit, milliseconds) in s_units)
        {
            if (trimmed.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(trimmed[..^unit.Length].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * milliseconds < TimeSpan.FromDays(36_500).TotalMilliseconds)
            {
                value = TimeSpan.FromMilliseconds(number * milliseconds);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Writes a time in the largest unit that makes it a whole number.</summary>
    public static string Format(TimeSpan value)
    {
        var milliseconds = value.TotalMilliseconds;
        var (unit, size) = s_units.OrderByDescending(u => u.Milliseconds).First(u => u.Milliseconds <= 1 || (milliseconds > 0 && milliseconds % u.Milliseconds == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / size:0.###} {unit}");
    }
}
