namespace Postbell.Directory.Yaml;

/// <summary>Finds what somebody probably meant.</summary>
public static class NearestName
{
    /// <summary>"did you mean ...?" with the known name that takes the fewest letters to change, or the list of known names when none is near.</summary>
    public static string Suggest(string unknown, IReadOnlyCollection<string> known)
    {
        var nearest = known.MinBy(name => Distance(unknown, name));
        if (nearest is not null && Distance(unknown, nearest) <= Math.Max(2, nearest.Length / 3))
        {
            return $"did you mean \"{nearest}\"?";
        }

        return known.Count == 0 ? "nothing is known here" : "known here: " + string.Join(", ", known.Order(StringComparer.Ordinal));
    }

    private static int Distance(string left, string right)
    {
        left = left.Length > 64 ? left[..64] : left;
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (same ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[right.Length];
    }
}
