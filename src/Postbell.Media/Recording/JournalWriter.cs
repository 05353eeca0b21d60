using Microsoft.Extensions.Logging;
using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>
/// The one thread that writes. A pass does all commands that wait, writes their records (and on a tick the new audio of all recordings) in one
/// go, syncs once, and then tells everybody who waited: that is the group commit.
/// </summary>
internal sealed class JournalWriter
{
    private readonly JournalSegmentWriter _segments;
    private readonly JournalCatalog _catalog;
    private readonly AudioChunkPool _pool;
    private readonly RecordingJournalOptions _options;
    private readonly ILogger _log;
    private readonly JournalCompaction _compaction;
    private readonly TimeProvider _time;
    private readonly Dictionary<TraceId, JournalRecording> _open = [];
    private readonly List<(JournalCommand Command, RecordingSnapshot? Snapshot)> _done = [];
    private readonly Action<JournalRecording, AudioChunk> _writeChunk;
    private readonly Action<JournalRecording, AudioChunk> _loseChunk;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private List<JournalCommand> _arrived = [];
    private List<JournalCommand> _batch = [];
    private bool _stopping;
    private bool _buried;
    private volatile bool _tick;
    private volatile JournalRefusal _fault;
    private volatile bool _diskLow;
    private Exception? _cause;
    private long _lostBytes;
    private long _completed;
    private long _available;
    private long _compacted;

    public JournalWriter(
        RecordingJournalOptions options, JournalSegmentWriter segments, JournalCatalog catalog, AudioChunkPool pool, TimeProvider time, ILogger log)
    {
        (_options, _segments, _catalog, _pool, _log) = (options, segments, catalog, pool, log);
        _time = time;
        _compacted = time.GetTimestamp();
        _compaction = new JournalCompaction(options, segments, catalog, log);
        _writeChunk = WriteChunk;
        _loseChunk = LoseChunk;
        LookAtSpace();
        new Thread(Run) { IsBackground = true, Name = "recording journal" }.Start();
        _timer = time.CreateTimer(static state => ((JournalWriter)state!).Tick(), this, options.FlushInterval, options.FlushInterval);
    }

    public JournalRefusal Refusal =>
        _fault != JournalRefusal.None ? _fault
        : _diskLow ? JournalRefusal.DiskLow
        : _pool.IsStrained ? JournalRefusal.Overloaded
        : JournalRefusal.None;

    public bool IsFailed => _fault != JournalRefusal.None;

    public long LostBytes => Volatile.Read(ref _lostBytes);

    public long Completed => Volatile.Read(ref _completed);

    public long AvailableBytes => Volatile.Read(ref _available);

    public void CountLost(long bytes) => Interlocked.Add(ref _lostBytes, bytes);

    public JournalRefusedException Refuse(JournalRefusal reason) =>
        new(reason, $"The recording journal takes no recordings: {reason}.", _cause);

    public void Submit(JournalCommand command)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                command.Done.TrySetException(Refuse(JournalRefusal.Closed));
                return;
            }

            _arrived.Add(command);
            if (command.IsUrgent)
            {
                // Inside the gate: the event is disposed only after the stop.
                _wake.Set();
            }
        }
    }

    /// <summary>Writes and syncs what there is, and ends the thread.</summary>
    public async Task StopAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _stopping = true;
        }

        _wake.Set();
        await _ended.Task.ConfigureAwait(false);
        _wake.Dispose();
        _segments.Dispose();
    }

    private void Tick()
    {
        _tick = true;
        lock (_gate)
        {
            if (!_stopping)
            {
                _wake.Set();
            }
        }
    }

    private void Run()
    {
        bool stopping;
        do
        {
            _wake.WaitOne();
            lock (_gate)
            {
                (_arrived, _batch) = (_batch, _arrived);
                stopping = _stopping;
            }

            var tick = _tick || stopping;
            _tick = false;
            Pass(tick);
            _batch.Clear();
        }
        while (!stopping);
        _ended.SetResult();
    }

    private void Pass(bool tick)
    {
        try
        {
            if (tick && _fault == JournalRefusal.DiskFull && !_segments.IsSyncing)
            {
                ResumeIfThereIsSpace();
            }

            var mustSync = tick;
            foreach (var command in _batch)
            {
                _done.Add((command, _fault == JournalRefusal.None ? Apply(command) : ApplyFailed(command)));
                mustSync |= command.NeedsSync;
            }

            if (tick)
            {
                DrainAll();
                LookAtSpace();
            }

            if (_fault == JournalRefusal.None)
            {
                _segments.Write();
                Sync(mustSync);
            }

            Settle();
            _batch.Clear();
            Compact(tick);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    /// <summary>After a full disk: what could not be written is given up already, and a fresh segment holds none of it.</summary>
    private void ResumeIfThereIsSpace()
    {
        LookAtSpace();
        if (_diskLow || Volatile.Read(ref _stopping))
        {
            return;
        }

        _segments.Restart();
        _fault = JournalRefusal.None;
        _cause = null;
        JournalLog.Resumed(_log, _available);
    }

    private void Sync(bool mustSync)
    {
        if (mustSync && _segments.Sync() && _buried)
        {
            _buried = false;
            _segments.Sweep();
        }
    }

    /// <summary>Now and then gives one segment up that holds little: when those who waited for the sync have been told.</summary>
    private void Compact(bool tick)
    {
        if (!tick || IsFailed || Volatile.Read(ref _stopping) || _time.GetElapsedTime(_compacted) < _options.CompactionInterval)
        {
            return;
        }

        _compacted = _time.GetTimestamp();
        _compaction.Run(_open.ContainsKey);
    }

    private RecordingSnapshot? Apply(JournalCommand command)
    {
        switch (command.Kind)
        {
            case CommandKind.Restart or CommandKind.Complete when command.Recording!.IsBroken:
                break;
            case CommandKind.Begin:
                _open.Add(command.Id, command.Recording!);
                Append(command, RecordKind.Begin);
                break;
            case CommandKind.Restart:
                command.Recording!.Drain(_writeChunk);
                Append(command, RecordKind.Restart);
                break;
            case CommandKind.Complete:
                command.Recording!.Drain(_writeChunk);
                Append(command with { Generation = command.Recording.Generation }, RecordKind.Complete, command.Recording.AudioTicks);
                End(command.Recording);
                break;
            case CommandKind.Discard:
                command.Recording!.Drain(static (_, chunk) => chunk.Consumed = chunk.Length);
                Append(command, RecordKind.Discard);
                End(command.Recording);
                _buried = true;
                break;
            case CommandKind.Retire when _catalog.TryGetLive(command.Id, out _):
                Append(command, RecordKind.Retire);
                _buried = true;
                break;
            case CommandKind.Flush:
                DrainAll();
                break;
            case CommandKind.Read:
                return SnapshotOf(command.Id);
        }

        return null;
    }

    private RecordingSnapshot? SnapshotOf(TraceId id)
    {
        if (_open.TryGetValue(id, out var running))
        {
            running.Drain(IsFailed ? _loseChunk : _writeChunk);
        }

        return _catalog.TryGetLive(id, out var entry) ? entry.Snapshot() : null;
    }

    /// <summary>After a failure: what is on the disk can still be read, nothing more is written, buffers are given back.</summary>
    private RecordingSnapshot? ApplyFailed(JournalCommand command)
    {
        switch (command.Kind)
        {
            case CommandKind.Begin when _fault == JournalRefusal.DiskFull:
                Break(command.Recording!);
                return null;
            case CommandKind.Begin:
                _open.TryAdd(command.Id, command.Recording!);
                return null;
            case CommandKind.Complete or CommandKind.Discard:
                command.Recording!.Drain(_loseChunk);
                End(command.Recording);
                return null;
            case CommandKind.Read:
                return SnapshotOf(command.Id);
            default:
                return null;
        }
    }

    private void DrainAll()
    {
        foreach (var recording in _open.Values)
        {
            recording.Drain(IsFailed ? _loseChunk : _writeChunk);
        }
    }

    private void End(JournalRecording recording)
    {
        recording.Close();
        recording.Release();
        _open.Remove(recording.Id);
        if (recording.LostBytes > 0)
        {
            JournalLog.LostAudio(_log, recording.Id, recording.LostBytes);
        }
    }

    private void Append(JournalCommand command, RecordKind kind, uint position = 0) =>
        _segments.Append(new RecordHead(kind, default, command.Generation, position, command.Id, command.Envelope.Length), command.Envelope);

    private void WriteChunk(JournalRecording recording, AudioChunk chunk)
    {
        var length = chunk.Length;
        var audio = chunk.Buffer.AsMemory(chunk.Consumed..length);
        var position = chunk.Position + (uint)(chunk.Consumed >> chunk.Format.TickShift());
        _segments.Append(new RecordHead(RecordKind.Audio, chunk.Format, chunk.Generation, position, recording.Id, audio.Length), audio);
        chunk.Consumed = length;
    }

    private void LoseChunk(JournalRecording recording, AudioChunk chunk)
    {
        CountLost(chunk.Length - chunk.Consumed);
        chunk.Consumed = chunk.Length;
    }

    private void Settle()
    {
        foreach (var (command, snapshot) in _done)
        {
            if (IsFailed && command.Kind != CommandKind.Read)
            {
                command.Done.TrySetException(Refuse(_fault));
                continue;
            }

            if (command.Kind is CommandKind.Restart or CommandKind.Complete && command.Recording!.IsBroken)
            {
                command.Done.TrySetException(Refuse(JournalRefusal.DiskFull));
                continue;
            }

            _completed += command.Kind == CommandKind.Complete ? 1 : 0;
            command.Done.TrySetResult(snapshot);
        }

        _done.Clear();
    }

    private void Fail(Exception error)
    {
        _cause = error;
        // ENOSPC keeps its number as the HResult; Windows has its own for the same.
        _fault = error.HResult is 28 or unchecked((int)0x80070070) ? JournalRefusal.DiskFull
            : _segments.IsSyncing ? JournalRefusal.SyncFailed
            : JournalRefusal.WriteFailed;
        JournalLog.Failed(_log, _fault, error);
        if (_fault == JournalRefusal.DiskFull)
        {
            BreakAll();
        }

        foreach (var command in _batch.Skip(_done.Count))
        {
            _done.Add((command, ApplyFailed(command)));
        }

        Settle();
    }

    /// <summary>Records of running recordings may be among those that were not written: none of them can be promised any more.</summary>
    private void BreakAll()
    {
        foreach (var recording in _open.Values.ToArray())
        {
            Break(recording);
        }
    }

    private void Break(JournalRecording recording)
    {
        recording.Break();
        recording.Drain(_loseChunk);
        End(recording);
    }

    private void LookAtSpace()
    {
        Volatile.Write(ref _available, _segments.AvailableBytes);
        var low = _available < _options.MinimumFreeBytes;
        if (low != _diskLow)
        {
            _diskLow = low;
            if (low)
            {
                JournalLog.DiskLow(_log, _available);
            }
            else
            {
                JournalLog.DiskEnough(_log, _available);
            }
        }
    }
}
