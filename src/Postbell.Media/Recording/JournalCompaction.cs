using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>
/// Moves the little that is still needed out of a segment into the one being written, so that one message that is held for days does not hold 64 MB of others'
/// audio. First the copies are made durable, then the segment goes; a death in between leaves both, and of two records of the same place in a recording the
/// older counts. Writer thread only.
/// </summary>
internal sealed class JournalCompaction(RecordingJournalOptions options, JournalSegmentWriter segments, JournalCatalog catalog, ILogger log)
{
    // A pass reads and writes no more than this part of a segment, 8 MB as a rule: whoever waits for the sync waits for it too.
    private const int LargestShare = 8;

    /// <summary>Looks for one segment worth it and moves what it holds; true when one went.</summary>
    /// <param name="isRunning">Tells recordings that still grow: their segments stay.</param>
    public bool Run(Predicate<TraceId> isRunning)
    {
        foreach (var segment in catalog.Sparse(segments.Active, Math.Max(options.SegmentBytes / LargestShare, 1), isRunning))
        {
            if (TryRead(segment, out var records))
            {
                Move(segment, records);
                return true;
            }

            // What is damaged stays where somebody can look at it.
            segment.IsUnreadable = true;
            JournalLog.NotCompacted(log, segment.Path);
        }

        return false;
    }

    private void Move(JournalSegment segment, List<Moved> records)
    {
        var places = new List<(Moved Record, AudioExtent Place)>(records.Count);
        foreach (var record in records)
        {
            var (target, offset) = segments.Copy(record.Entry, record.Head, record.Payload);
            if (record.Head.Kind == RecordKind.Audio)
            {
                places.Add((record, new AudioExtent(target, offset, record.Head.PayloadBytes, record.Head.Format, record.Head.Position)));
            }
        }

        segments.Write();
        segments.Sync();
        foreach (var (record, place) in places)
        {
            record.Entry.Replace(segment, place);
        }

        JournalCatalog.Abandon(segment);
        segments.Sweep();
        JournalLog.Compacted(log, segment.Path, catalogEntries: records.Select(static r => r.Entry).Distinct().Count());
    }

    /// <summary>Reads and checks every record that is needed; false when one of them is damaged.</summary>
    private static bool TryRead(JournalSegment segment, out List<Moved> records)
    {
        records = [];
        try
        {
            using var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            foreach (var entry in segment.Holds.Where(static e => !e.IsDead))
            {
                foreach (var extent in entry.Audio.Where(a => a.Segment == segment))
                {
                    if (ReadRecord(file, segment, extent) is not { } audio)
                    {
                        return false;
                    }

                    records.Add(audio with { Entry = entry });
                }

                records.Add(Moved.Words(entry));
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Moved? ReadRecord(SafeFileHandle file, JournalSegment segment, in AudioExtent extent)
    {
        var bytes = new byte[JournalFormat.RecordHeadBytes + extent.Bytes];
        return RandomAccess.Read(file, bytes, extent.Offset) == bytes.Length && JournalFormat.TryReadRecord(bytes, segment.Number, out var head)
            ? new Moved(null!, head, bytes.AsMemory(JournalFormat.RecordHeadBytes))
            : null;
    }

    private sealed record Moved(RecordingEntry Entry, RecordHead Head, ReadOnlyMemory<byte> Payload)
    {
        /// <summary>Its last envelope: the end of a complete recording, the beginning of another.</summary>
        public static Moved Words(RecordingEntry entry) => new(
            entry,
            entry.IsComplete
                ? new RecordHead(RecordKind.Complete, default, entry.Generation, entry.TotalTicks, entry.Id, entry.Envelope.Length)
                : new RecordHead(RecordKind.Begin, default, 0, 0, entry.Id, entry.Envelope.Length),
            entry.Envelope);
    }
}
