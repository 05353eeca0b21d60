namespace Postbell.Mailbox;

/// <summary>UIDs from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
/// <param name="First">Lowest UID.</param>
/// <param name="Last">Highest UID; <see cref="uint.MaxValue"/> for "to the end".</param>
public readonly record struct UidRange(uint First, uint Last)
{
    /// <summary>Every UID.</summary>
    public static UidRange All { get; } = new(1, uint.MaxValue);

    /// <summary>One UID.</summary>
    public UidRange(uint uid)
        : this(uid, uid)
    {
    }

    /// <summary>True when <paramref name="uid"/> lies inside.</summary>
    public bool Contains(uint uid) => uid >= First && uid <= Last;

    /// <summary>Each UID, ascending.</summary>
    public IEnumerable<uint> Each()
    {
        for (long uid = First; uid <= Last; uid++)
        {
            yield return (uint)uid;
        }
    }

    /// <summary>The fewest ranges that hold exactly the given ascending UIDs.</summary>
    public static IReadOnlyList<UidRange> From(IEnumerable<uint> ascending)
    {
        var ranges = new List<UidRange>();
        foreach (var uid in ascending)
        {
            if (ranges.Count > 0 && ranges[^1].Last + 1 == uid)
            {
                ranges[^1] = ranges[^1] with { Last = uid };
            }
            else
            {
                ranges.Add(new UidRange(uid));
            }
        }

        return ranges;
    }

    /// <summary>The same UIDs in ascending ranges that neither overlap nor touch.</summary>
    public static IReadOnlyList<UidRange> Merge(IReadOnlyList<UidRange> ranges)
    {
        if (ranges.Count <= 1)
        {
            return ranges;
        }

        var merged = new List<UidRange>(ranges.Count);
        foreach (var range in ranges.OrderBy(static r => r.First))
        {
            if (merged.Count > 0 && range.First <= (long)merged[^1].Last + 1)
            {
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
