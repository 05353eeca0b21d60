using System.Net;

namespace Postbell.Sip.Defence;

/// <summary>What is remembered of one source.</summary>
internal struct SourceRecord
{
    /// <summary>When it was last heard; 0 is a free place. Times are ticks of the endpoint's clock.</summary>
    public long Seen;

    /// <summary>Meters of what it sent; see <see cref="RateMeter"/>.</summary>
    public RateMeter Requests;
    public RateMeter Calls;
    public RateMeter Failures;

    /// <summary>End of its last ban.</summary>
    public long BannedUntil;

    /// <summary>Its last ban was earned over connections, whose source address cannot be forged.</summary>
    public bool BanIsProven;

    /// <summary>Bans so far.</summary>
    public int Bans;

    internal UInt128 Key;
}

/// <summary>
/// A fixed number of source records, found by address. Places are in rows of eight; in a full row the source that is not banned and was quiet for
/// longest makes room, so a flood of forged addresses takes no memory and hardly frees who is banned. Callers hold a lock.
/// </summary>
internal sealed class SourceTable
{
    private const int Row = 8;

    private readonly SourceRecord[] _records;

    public SourceTable(int capacity) => _records = new SourceRecord[Math.Max(1, capacity / Row) * Row];

    public int Capacity => _records.Length;

    /// <summary>Bans running at this time.</summary>
    public int CountBanned(long now)
    {
        var count = 0;
        foreach (ref readonly var record in _records.AsSpan())
        {
            count += record.BannedUntil > now ? 1 : 0;
        }

        return count;
    }

    /// <summary>True when the source is known and its ban runs.</summary>
    /// <param name="address">The source.</param>
    /// <param name="now">Now.</param>
    /// <param name="provenOnly">Only a ban that was earned over connections counts.</param>
    public bool IsBanned(IPAddress address, long now, bool provenOnly = false)
    {
        var key = SourceKey.Of(address);
        foreach (ref readonly var record in RowOf(key))
        {
            if (record.Seen != 0 && record.Key == key)
            {
                return record.BannedUntil > now && (record.BanIsProven || !provenOnly);
            }
        }

        return false;
    }

    /// <summary>The record of a source, a fresh one when it was not known.</summary>
    public ref SourceRecord Find(IPAddress address, long now)
    {
        var key = SourceKey.Of(address);
        var row = RowOf(key);
        var oldest = 0;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i].Seen != 0 && row[i].Key == key)
            {
                row[i].Seen = now;
                return ref row[i];
            }

            oldest = Goes(row[i], row[oldest], now) ? i : oldest;
        }

        row[oldest] = new SourceRecord { Key = key, Seen = now };
        return ref row[oldest];
    }

    private Span<SourceRecord> RowOf(UInt128 key) =>
        _records.AsSpan((int)((uint)HashCode.Combine(key) % (uint)(_records.Length / Row)) * Row, Row);

    private static bool Goes(in SourceRecord one, in SourceRecord other, long now)
    {
        var banned = one.BannedUntil > now;
        return banned == other.BannedUntil > now ? one.Seen < other.Seen : !banned;
    }
}
