using Postbell.Core.Resolution;

namespace Postbell.Sip.Resolution;

/// <summary>Puts SRV records in the order to try them: by priority, within one at random so that weights say how often each is first (RFC 2782).</summary>
internal static class ServiceOrder
{
    public static IReadOnlyList<DnsServiceRecord> Of(IEnumerable<DnsServiceRecord> records, Random random)
    {
        var ordered = new List<DnsServiceRecord>();
        foreach (var priority in records.GroupBy(record => record.Priority).OrderBy(group => group.Key))
        {
            // Those of weight 0 first: they are chosen only when the random number is 0.
            var left = priority.OrderBy(record => record.Weight == 0 ? 0 : 1).ToList();
            while (left.Count > 0)
            {
                var index = Choose(left, random.Next(left.Sum(record => record.Weight) + 1));
                ordered.Add(left[index]);
                left.RemoveAt(index);
            }
        }

        return ordered;
    }

    private static int Choose(List<DnsServiceRecord> records, int point)
    {
        var sum = 0;
        for (var i = 0; i < records.Count; i++)
        {
            sum += records[i].Weight;
            if (sum >= point)
            {
                return i;
            }
        }

        return records.Count - 1;
    }
}
