using System.Globalization;

namespace Postbell.Directory.Yaml;

/// <summary>Amounts of storage as people write them in a configuration: a number and a unit, <c>B</c>, <c>kB</c>, <c>MB</c>, <c>GB</c> or <c>TB</c>, each 1024 of the one before.</summary>
public static class SizeText
{
    private static readonly (string Unit, long Octets)[] s_units = [("TB", 1L << 40), ("GB", 1L << 30), ("MB", 1L << 20), ("kB", 1L << 10), ("B", 1)];

    /// <summary>Reads a size that is not negative; false for anything else, also for a number without a unit.</summary>
    public static bool TryParse(string text, out long octets)
    {
        var trimmed = text.AsSpan().Trim();
        foreach (var (unit, size) in s_units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(trimmed[..^unit.Length].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * size < 1L << 60)
            {
                octets = (long)(number * size);
                return true;
            }
        }

        octets = 0;
        return false;
    }

    /// <summary>Writes a size in the largest unit that makes it a whole number.</summary>
    public static string Format(long octets)
    {
        var (unit, size) = Array.Find(s_units, u => u.Octets == 1 || (octets > 0 && octets % u.Octets == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{octets / size} {unit}");
    }
}
