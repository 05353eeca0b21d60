namespace Postbell.Media.Recording;

/// <summary>What reading a segment from end to end found.</summary>
/// <param name="Records">Intact records.</param>
/// <param name="DamagedPlaces">Damaged places with intact records behind them.</param>
/// <param name="DamagedBytes">Bytes in those places and in the torn tail.</param>
/// <param name="IsTorn">The segment ends in bytes that are no record: it was being written when the program or machine died.</param>
internal readonly record struct SegmentScan(int Records, int DamagedPlaces, long DamagedBytes, bool IsTorn)
{
    public delegate void RecordVisitor(in RecordHead head, long offset, ReadOnlySpan<byte> payload);

    /// <summary>
    /// Visits every intact record. A bad one is not the end: the next intact record behind it, wherever it starts, goes on; only when none
    /// follows is it the torn tail.
    /// </summary>
    public static SegmentScan Run(ReadOnlySpan<byte> segment, uint number, RecordVisitor visit)
    {
        var scan = default(SegmentScan);
        var at = JournalFormat.ReadSegmentVersion(segment) == 0 ? 0 : JournalFormat.SegmentHeadBytes;
        while (at < segment.Length)
        {
            if (JournalFormat.TryReadRecord(segment[at..], number, out var head))
            {
                visit(head, at, segment.Slice(at + JournalFormat.RecordHeadBytes, head.PayloadBytes));
                scan = scan with { Records = scan.Records + 1 };
                at += head.TotalBytes;
                continue;
            }

            var skipped = NextRecord(segment[at..], number);
            if (skipped < 0)
            {
                return scan with { DamagedBytes = scan.DamagedBytes + segment.Length - at, IsTorn = true };
            }

            scan = scan with { DamagedPlaces = scan.DamagedPlaces + 1, DamagedBytes = scan.DamagedBytes + skipped };
            at += skipped;
        }

        return scan;
    }

    private static int NextRecord(ReadOnlySpan<byte> from, uint number)
    {
        for (var at = 1; at < from.Length; at++)
        {
            var found = from[at..].IndexOf(JournalFormat.RecordMagic);
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (JournalFormat.TryReadRecord(from[at..], number, out _))
            {
                return at;
            }
        }

        return -1;
    }
}
