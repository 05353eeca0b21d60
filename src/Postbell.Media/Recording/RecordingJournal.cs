using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>
/// The recordings of all calls in a few append-only files. Engine threads fill buffers; one writer thread writes the audio of all calls together
/// and syncs about every second, so a sudden death costs a running recording at most its last second; a completed recording is on the disk
/// before its completion is reported. What earlier runs left is found in <see cref="Recovered"/>.
/// </summary>
/// <remarks>
/// A failed sync is never tried again as if it could succeed: the kernel may have dropped the pages. The journal then stays failed.
/// docs/decisions/0004-recording-journal.md says why it is built like this.
/// </remarks>
public sealed class RecordingJournal : IAsyncDisposable
{
    /// <summary>Longest envelope in bytes.</summary>
    public const int MaxEnvelopeBytes = JournalFormat.MaxPayloadBytes;

    // Each time a segment was given up between looking where the audio lies and reading it.
    private const int MostReads = 4;

    private readonly ConcurrentDictionary<TraceId, JournalRecording> _open = new();
    private readonly FileStream _lock;
    private readonly AudioChunkPool _pool;
    private readonly JournalSegmentWriter _segments;
    private readonly JournalWriter _writer;
    private readonly JournalRecovery _recovery;
    private int _disposed;

    private RecordingJournal(RecordingJournalOptions options, IJournalDisk disk, FileStream @lock, TimeProvider time, ILogger log)
    {
        _lock = @lock;
        _recovery = JournalRecovery.Read(options.Directory, log);
        _pool = new AudioChunkPool(options.ChunkBytes, options.MaxBufferedBytes);
        _segments = new JournalSegmentWriter(options, disk, _recovery.Catalog, time, log);
        _writer = new JournalWriter(options, _segments, _recovery.Catalog, _pool, time, log);
        JournalLog.Opened(log, options.Directory, Recovered.Count, Recovered.Count(static r => !r.IsComplete), _segments.Count);
    }

    /// <summary>Recordings of earlier runs that nobody retired, oldest first.</summary>
    public IReadOnlyList<RecoveredRecording> Recovered => _recovery.Recovered;

    /// <summary>
    /// False after the disk failed: nothing is accepted or promised until a restart, or in the case of <see cref="JournalRefusal.DiskFull"/> until there is
    /// space again.
    /// </summary>
    public bool Healthy => !_writer.IsFailed;

    /// <summary>Why <see cref="Begin"/> would refuse now; <see cref="JournalRefusal.None"/> when it would not.</summary>
    public JournalRefusal Refusal => Volatile.Read(ref _disposed) != 0 ? JournalRefusal.Closed : _writer.Refusal;

    /// <summary>Figures since the opening.</summary>
    public JournalStatistics Statistics => new()
    {
        OpenRecordings = _open.Count,
        Segments = _segments.Count,
        BytesWritten = _segments.BytesWritten,
        Syncs = _segments.Syncs,
        LongestSync = _segments.LongestSync,
        Completed = _writer.Completed,
        BufferedBytes = _pool.OutstandingBytes,
        BackPressure = _pool.BackPressure,
        LostBytes = _writer.LostBytes,
        AvailableBytes = _writer.AvailableBytes,
        TornTails = _recovery.TornTails,
        DamagedPlaces = _recovery.DamagedPlaces,
        DamagedBytes = _recovery.DamagedBytes,
        Interrupted = Recovered.Count(static r => !r.IsComplete),
    };

    /// <summary>Opens the journal in its folder and reads what earlier runs left.</summary>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written.</exception>
    /// <exception cref="JournalFormatException">A newer version of the program wrote there.</exception>
    public static RecordingJournal Open(RecordingJournalOptions options, TimeProvider time, ILogger log) =>
        Open(options, new JournalDisk(), time, log);

    /// <summary>Begins a recording. It exists on the disk from the next flush on.</summary>
    /// <param name="id">Unique for all time.</param>
    /// <param name="envelope">What recovery needs to know should the program die; copied.</param>
    /// <exception cref="JournalRefusedException">No recording can be taken now.</exception>
    public JournalRecording Begin(TraceId id, ReadOnlyMemory<byte> envelope)
    {
        CheckEnvelope(envelope);
        if (Refusal is not JournalRefusal.None and var reason)
        {
            if (reason == JournalRefusal.Overloaded)
            {
                _pool.CountBackPressure();
            }

            throw _writer.Refuse(reason);
        }

        var recording = new JournalRecording(this, _pool, id);
        if (!_open.TryAdd(id, recording))
        {
            throw new InvalidOperationException($"Recording {id} runs already.");
        }

        _writer.Submit(new JournalCommand(CommandKind.Begin, id, recording) { Envelope = envelope.ToArray() });
        return recording;
    }

    /// <summary>All audio of a recording that is not retired: of this run, finished or not, or recovered. Lost or damaged parts are silence.</summary>
    /// <exception cref="KeyNotFoundException">There is no such recording.</exception>
    public async ValueTask<RecordedAudio> ReadAsync(TraceId id, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var snapshot = await SubmitAsync(new JournalCommand(CommandKind.Read, id, null)).WaitAsync(cancellation).ConfigureAwait(false)
                ?? throw new KeyNotFoundException($"There is no recording {id}.");
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var audio = snapshot.Read(out var isOutdated);
            if (!isOutdated || tries == MostReads)
            {
                return audio;
            }
        }
    }

    /// <summary>
    /// Says that the recording is safe elsewhere. Takes effect at the next flush; should the program die before, the recording is recovered once
    /// more, so whoever takes it over must know its id.
    /// </summary>
    public void Retire(TraceId id) => _writer.Submit(new JournalCommand(CommandKind.Retire, id, null));

    /// <summary>Makes everything said so far durable, running recordings included.</summary>
    /// <exception cref="JournalRefusedException">The disk failed.</exception>
    public Task FlushAsync() => SubmitAsync(new JournalCommand(CommandKind.Flush, default, null));

    /// <summary>Flushes and closes. Running recordings stay what they are: the next start finds them interrupted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _writer.StopAsync().ConfigureAwait(false);
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal static RecordingJournal Open(RecordingJournalOptions options, IJournalDisk disk, TimeProvider time, ILogger log)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkBytes, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ChunkBytes, JournalFormat.MaxPayloadBytes);
        CreateDirectory(options.Directory, disk);
        var @lock = TakeLock(options.Directory);
        try
        {
            return new RecordingJournal(options, disk, @lock, time, log);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    internal static void CheckEnvelope(ReadOnlyMemory<byte> envelope) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan(envelope.Length, MaxEnvelopeBytes, nameof(envelope));

    internal void Submit(JournalCommand command)
    {
        if (command.Kind is CommandKind.Complete or CommandKind.Discard)
        {
            Forget(command.Id);
        }

        _writer.Submit(command);
    }

    internal Task<RecordingSnapshot?> SubmitAsync(JournalCommand command)
    {
        Submit(command);
        return command.Done.Task;
    }

    internal void Forget(TraceId id) => _open.TryRemove(id, out _);

    internal void CountLost(int bytes) => _writer.CountLost(bytes);

    private static void CreateDirectory(string directory, IJournalDisk disk)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        disk.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(directory)) ?? directory);
    }

    private static FileStream TakeLock(string directory)
    {
        var path = Path.Combine(directory, "journal.lock");
        try
        {
            return new FileStream(path, JournalDisk.PrivateTo(new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            }));
        }
        catch (IOException error)
        {
            throw new IOException($"Another process uses the recording journal in {directory}.", error);
        }
    }
}
