using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Postbell.Media.Recording;

/// <summary>The segment being written and its staging buffer; begins the next one when it is full, and removes those nobody needs.</summary>
internal sealed class JournalSegmentWriter : IDisposable
{
    private readonly RecordingJournalOptions _options;
    private readonly IJournalDisk _disk;
    private readonly JournalCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly byte[] _staging = new byte[JournalFormat.MaxPayloadBytes + JournalFormat.RecordHeadBytes];
    private int _staged;
    private JournalSegment _active;
    private IJournalFile _file;
    private long _length;
    private bool _dirty;
    private long _bytesWritten;
    private long _syncs;
    private long _longestSync;
    private int _count;

    public JournalSegmentWriter(RecordingJournalOptions options, IJournalDisk disk, JournalCatalog catalog, TimeProvider time, ILogger log)
    {
        (_options, _disk, _catalog, _time, _log) = (options, disk, catalog, time, log);
        (_active, _file) = Create();
        Sweep();
    }

    public long BytesWritten => Volatile.Read(ref _bytesWritten);

    public long Syncs => Volatile.Read(ref _syncs);

    public TimeSpan LongestSync => TimeSpan.FromTicks(Volatile.Read(ref _longestSync));

    public int Count => Volatile.Read(ref _count);

    public long AvailableBytes => _disk.AvailableBytes(_options.Directory);

    /// <summary>True while, and after a failure because, the disk was told to sync.</summary>
    public bool IsSyncing { get; private set; }

    /// <summary>The segment being written.</summary>
    public JournalSegment Active => _active;

    /// <summary>Stages a record and takes note of where it will lie.</summary>
    public void Append(in RecordHead head, ReadOnlyMemory<byte> payload)
    {
        var offset = Stage(head, payload);
        _catalog.Note(_active, head, offset, head.Kind == RecordKind.Audio ? default : payload);
    }

    /// <summary>Stages a copy of a record that is known already; returns where it will lie.</summary>
    public (JournalSegment Segment, long Offset) Copy(RecordingEntry entry, in RecordHead head, ReadOnlyMemory<byte> payload)
    {
        var offset = Stage(head, payload);
        JournalCatalog.NoteCopy(_active, entry);
        return (_active, offset);
    }

    private long Stage(in RecordHead head, ReadOnlyMemory<byte> payload)
    {
        if (_staged + head.TotalBytes > _staging.Length)
        {
            Write();
        }

        if (_length + _staged >= _options.SegmentBytes)
        {
            Rotate();
        }

        var offset = _length + _staged;
        _staged += JournalFormat.WriteRecord(_staging.AsSpan(_staged), _active.Number, head, payload.Span);
        return offset;
    }

    /// <summary>Writes what is staged.</summary>
    public void Write()
    {
        if (_staged > 0)
        {
            _dirty = true;
            _file.Write(_staging.AsSpan(0, _staged), _length);
            _length += _staged;
            _bytesWritten += _staged;
            _staged = 0;
        }
    }

    /// <summary>Makes what was written durable; true also when there was nothing to do.</summary>
    public bool Sync()
    {
        if (_dirty)
        {
            IsSyncing = true;
            var start = Stopwatch.GetTimestamp();
            _file.Sync();
            Volatile.Write(ref _longestSync, Math.Max(_longestSync, Stopwatch.GetElapsedTime(start).Ticks));
            _syncs++;
            IsSyncing = false;
            _dirty = false;
        }

        return true;
    }

    /// <summary>Deletes segments that hold nothing anybody needs. To be called when all tombstones are durable.</summary>
    public void Sweep()
    {
        foreach (var segment in _catalog.Removable(_active))
        {
            CarryTombstones(segment);
            try
            {
                _disk.Delete(segment.Path);
                _disk.SyncDirectory(_options.Directory);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                JournalLog.DeleteFailed(_log, segment.Path, error);
                continue;
            }

            _catalog.Remove(segment);
        }

        Volatile.Write(ref _count, _catalog.SegmentCount);
    }

    /// <summary>Leaves the segment that could not be written and begins another; what was staged for it is gone.</summary>
    public void Restart()
    {
        _staged = 0;
        _active.Bytes = _length;
        _file.Dispose();
        (_active, _file) = Create();
    }

    public void Dispose() => _file.Dispose();

    private void CarryTombstones(JournalSegment segment)
    {
        var keep = JournalCatalog.TombstonesToKeep(segment);
        foreach (var entry in keep)
        {
            Append(new RecordHead(RecordKind.Retire, default, 0, 0, entry.Id, 0), default);
        }

        if (keep.Count > 0)
        {
            Write();
            Sync();
        }
    }

    private void Rotate()
    {
        Write();
        Sync();
        _active.Bytes = _length;
        _file.Dispose();
        (_active, _file) = Create();
    }

    private (JournalSegment Segment, IJournalFile File) Create()
    {
        var number = _catalog.NextNumber;
        var segment = new JournalSegment(number, JournalRecovery.PathOf(_options.Directory, number));
        var file = _disk.Create(segment.Path);
        try
        {
            Span<byte> head = stackalloc byte[JournalFormat.SegmentHeadBytes];
            JournalFormat.WriteSegmentHead(head, number, _time.GetUtcNow());
            file.Write(head, 0);
            file.Sync();
            _disk.SyncDirectory(_options.Directory);
        }
        catch
        {
            // A full disk is tried again: no heap of empty files is left by it.
            file.Dispose();
            _disk.Delete(segment.Path);
            throw;
        }

        _catalog.Add(segment);
        _length = JournalFormat.SegmentHeadBytes;
        _dirty = false;
        Volatile.Write(ref _count, _catalog.SegmentCount);
        return (segment, file);
    }
}
