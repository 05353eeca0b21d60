namespace Postbell.TestKit;

/// <summary>
/// Bytes that the calling thread allocates. A collection in between throws away what is left of the thread's allocation buffer, and the runtime counts
/// that rest (up to 8 kB) as allocated: so work is measured in several rounds and the least of them counts. What allocates each time shows in every round.
/// </summary>
public static class AllocationMeter
{
    public static long Least(int rounds, Action<int> round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round(i);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
