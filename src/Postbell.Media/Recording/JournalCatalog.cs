using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>
/// All segments and recordings of a journal. Owned by the writer thread once the journal is open.
/// </summary>
/// <remarks>
/// A segment may go when nothing in it is needed: no live recording has records there, and no tombstone there keeps a dead recording, whose
/// records lie in another segment that stays, from rising again. Such tombstones are written again before their segment goes.
/// </remarks>
internal sealed class JournalCatalog
{
    private readonly Dictionary<TraceId, RecordingEntry> _recordings = [];
    private readonly SortedDictionary<uint, JournalSegment> _segments = [];

    public IEnumerable<RecordingEntry> Live => _recordings.Values.Where(static r => !r.IsDead);

    public int SegmentCount => _segments.Count;

    /// <summary>
    /// A number above all others that nobody outside can know: it seeds the checksums, so a caller cannot put records of his own making into the audio and
    /// have them found behind a damaged place.
    /// </summary>
    public uint NextNumber => _segments.Count == 0
        ? (uint)RandomNumberGenerator.GetInt32(1, 1 << 24)
        : _segments.Keys.Last() + (uint)RandomNumberGenerator.GetInt32(1, 64);

    public void Add(JournalSegment segment) => _segments.Add(segment.Number, segment);

    public bool TryGetLive(TraceId id, [NotNullWhen(true)] out RecordingEntry? entry) =>
        _recordings.TryGetValue(id, out entry) && !entry.IsDead;

    /// <summary>Takes note of a record that lies in <paramref name="segment"/>.</summary>
    public void Note(JournalSegment segment, in RecordHead head, long offset, ReadOnlyMemory<byte> payload)
    {
        if (head.Kind is RecordKind.Discard or RecordKind.Retire)
        {
            if (_recordings.TryGetValue(head.Id, out var ended))
            {
                Bury(ended, segment);
            }

            return;
        }

        if (!_recordings.TryGetValue(head.Id, out var entry))
        {
            entry = new RecordingEntry(head.Id);
            _recordings.Add(head.Id, entry);
        }

        if (entry.IsDead)
        {
            Revive(entry);
        }

        if (entry.Segments.Add(segment))
        {
            segment.Holds.Add(entry);
            segment.Live++;
        }

        entry.Apply(segment, head, offset, payload);
    }

    /// <summary>Segments other than <paramref name="active"/> that hold nothing anybody needs, oldest first.</summary>
    public List<JournalSegment> Removable(JournalSegment active) =>
        [.. _segments.Values.Where(s => s != active && s.Live <= 0 && !s.IsUnreadable)];

    /// <summary>Segments other than <paramref name="active"/> of which no more than an eighth and no more than some bytes are needed, oldest first.</summary>
    public List<JournalSegment> Sparse(JournalSegment active, long mostBytes, Predicate<TraceId> isRunning) =>
        [.. _segments.Values.Where(s => s != active && s is { Live: > 0, IsUnreadable: false } && IsSparse(s, Math.Min(mostBytes, s.Bytes / 8), isRunning))];

    /// <summary>Takes note of a copy of a record: it makes nothing new known.</summary>
    public static void NoteCopy(JournalSegment segment, RecordingEntry entry)
    {
        if (entry.Segments.Add(segment))
        {
            segment.Holds.Add(entry);
            segment.Live++;
        }
    }

    /// <summary>Nothing in a segment is needed any more: all of it was moved.</summary>
    public static void Abandon(JournalSegment segment) => segment.Live = 0;

    /// <summary>Dead recordings that would rise again if only <paramref name="segment"/> went.</summary>
    public static List<RecordingEntry> TombstonesToKeep(JournalSegment segment) =>
        [.. segment.Tombstones.Where(r => r.Segments.Any(s => s != segment))];

    /// <summary>Forgets a segment whose file is gone.</summary>
    public void Remove(JournalSegment segment)
    {
        _segments.Remove(segment.Number);
        foreach (var entry in segment.Holds)
        {
            entry.Segments.Remove(segment);
            if (entry.Segments.Count == 0)
            {
                entry.Tombstone?.Tombstones.Remove(entry);
                _recordings.Remove(entry.Id);
            }
        }
    }

    private static bool IsSparse(JournalSegment segment, long most, Predicate<TraceId> isRunning)
    {
        long needed = 0;
        foreach (var entry in segment.Holds)
        {
            if (entry.IsDead)
            {
                continue;
            }

            if (isRunning(entry.Id))
            {
                return false;
            }

            needed += entry.Envelope.Length + JournalFormat.RecordHeadBytes;
            foreach (var extent in entry.Audio)
            {
                needed += extent.Segment == segment ? extent.Bytes + JournalFormat.RecordHeadBytes : 0;
            }

            if (needed > most)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A record behind the tombstone: the same id was begun again, for instance a note after a discarded recording.</summary>
    private static void Revive(RecordingEntry entry)
    {
        entry.Tombstone!.Tombstones.Remove(entry);
        entry.Tombstone = null;
        foreach (var holder in entry.Segments)
        {
            holder.Live++;
        }
    }

    private static void Bury(RecordingEntry entry, JournalSegment segment)
    {
        if (entry.IsDead)
        {
            entry.Tombstone!.Tombstones.Remove(entry);
        }
        else
        {
            foreach (var holder in entry.Segments)
            {
                holder.Live--;
            }

            entry.Reset();
        }

        entry.Tombstone = segment;
        segment.Tombstones.Add(entry);
    }
}
