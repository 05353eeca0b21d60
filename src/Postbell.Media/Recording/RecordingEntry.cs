using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>Where one audio record lies.</summary>
internal readonly record struct AudioExtent(JournalSegment Segment, long Offset, int Bytes, RecordedFormat Format, uint Position)
{
    public int Ticks => Bytes >> Format.TickShift();

    public long End => (long)Position + Ticks;
}

/// <summary>A segment file and which recordings it holds records of.</summary>
internal sealed class JournalSegment(uint number, string path)
{
    public uint Number { get; } = number;

    public string Path { get; } = path;

    /// <summary>Recordings with begin, audio, restart or complete records in here.</summary>
    public HashSet<RecordingEntry> Holds { get; } = [];

    /// <summary>Ended recordings whose discard or retire record is in here.</summary>
    public HashSet<RecordingEntry> Tombstones { get; } = [];

    /// <summary>Recordings of <see cref="Holds"/> that are still needed.</summary>
    public int Live { get; set; }

    /// <summary>Bytes of its file; 0 while it is written.</summary>
    public long Bytes { get; set; }

    /// <summary>The disk could not read it, or what is needed of it: kept for a person to look at.</summary>
    public bool IsUnreadable { get; set; }
}

/// <summary>What the journal knows of one recording: the same rules build it from records just written and from records read at start.</summary>
internal sealed class RecordingEntry(TraceId id)
{
    public TraceId Id { get; } = id;

    public List<AudioExtent> Audio { get; } = [];

    /// <summary>Segments with records of it, other than its tombstone.</summary>
    public HashSet<JournalSegment> Segments { get; } = [];

    public JournalSegment? Tombstone { get; set; }

    public ReadOnlyMemory<byte> Envelope { get; private set; }

    public bool IsComplete { get; private set; }

    public ushort Generation { get; private set; }

    /// <summary>Ticks there should be; known when complete.</summary>
    public uint TotalTicks { get; private set; }

    public bool IsDead => Tombstone is not null;

    public void Apply(JournalSegment segment, in RecordHead head, long offset, ReadOnlyMemory<byte> payload)
    {
        switch (head.Kind)
        {
            case RecordKind.Begin:
                Envelope = payload;
                break;
            case RecordKind.Restart:
                Restart(head.Generation);
                break;
            case RecordKind.Audio when head.Generation >= Generation:
                // A newer generation without its restart record: the record was lost to damage, but the restart happened.
                Restart(head.Generation);
                Add(new AudioExtent(segment, offset, head.PayloadBytes, head.Format, head.Position));
                break;
            case RecordKind.Complete:
                Restart(head.Generation);
                Envelope = payload;
                IsComplete = true;
                TotalTicks = head.Position;
                break;
        }
    }

    /// <summary>Forgets what it was: it has ended.</summary>
    public void Reset()
    {
        Audio.Clear();
        Generation = 0;
        Envelope = default;
        IsComplete = false;
        TotalTicks = 0;
    }

    /// <summary>A record was moved out of a segment.</summary>
    public void Replace(JournalSegment from, in AudioExtent moved)
    {
        var position = moved.Position;
        var at = Audio.FindIndex(a => a.Segment == from && a.Position == position);
        if (at >= 0)
        {
            Audio[at] = moved;
        }
    }

    public RecordingSnapshot Snapshot() => new([.. Audio], TotalTicks);

    /// <summary>
    /// Puts a record in its place. One that was moved lies behind those of later audio, and after a death while it was moved it is there twice: then the
    /// first counts.
    /// </summary>
    private void Add(in AudioExtent extent)
    {
        var at = Audio.Count;
        while (at > 0 && Audio[at - 1].Position > extent.Position)
        {
            at--;
        }

        if (at == 0 || Audio[at - 1].Position != extent.Position || Audio[at - 1].Ticks == 0)
        {
            Audio.Insert(at, extent);
        }
    }

    private void Restart(ushort generation)
    {
        if (generation > Generation)
        {
            Generation = generation;
            Audio.Clear();
        }
    }
}
