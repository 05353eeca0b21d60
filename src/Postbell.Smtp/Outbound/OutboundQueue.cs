using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Mailbox.Storage.Blobs;

namespace Postbell.Smtp.Outbound;

/// <summary>
/// Messages for other servers: each is durable before it is promised, and stays until every recipient has it or the sender knows that it will not.
/// A killed server goes on where it was; a message comes twice only when the server died between the other's "taken" and its own note of it.
/// </summary>
public sealed partial class OutboundQueue : IOutboundQueue, IAsyncDisposable
{
    // RFC 5321 section 4.5.3.1.6, without CRLF: what is longer is cut or refused on the way, which breaks signatures.
    private const int LongestLine = 998;

    private readonly OutboundOptions _options;
    private readonly OutboundWays _ways;
    private readonly IOutboundHome _home;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly OutboundStore _store;
    private readonly OutboundAttempt _attempt;
    private readonly OutboundReports _reports;
    private readonly OutboundCounters _counters = new();
    private readonly ConcurrentDictionary<string, OutboundJob> _jobs = new();
    private readonly Channel<OutboundJob> _line = Channel.CreateUnbounded<OutboundJob>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _clockGate = new();
    private readonly ITimer _clock;
    private readonly List<Task> _workers = [];

    private OutboundQueue(OutboundOptions options, OutboundWays ways, IOutboundHome home, TimeProvider time, ILogger log, OutboundStore store)
    {
        (_options, _ways, _home, _time, _log, _store) = (options, ways, home, time, log, store);
        _attempt = new OutboundAttempt(ways, store, _counters, time);
        _reports = new OutboundReports(options, store, home, AddAsync, _counters, time);
        _clock = time.CreateTimer(static queue => ((OutboundQueue)queue!).QueueDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Opens the queue and begins to send what is in it.</summary>
    /// <param name="options">How.</param>
    /// <param name="ways">Where mail goes; stays the caller's.</param>
    /// <param name="home">The server it runs in.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Log.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static OutboundQueue Open(OutboundOptions options, OutboundWays ways, IOutboundHome home, TimeProvider time, ILogger<OutboundQueue> log)
    {
        var store = OutboundStore.Open(options.Directory, new DurableDisk(), out var entries, out var unreadable);
        foreach (var file in unreadable)
        {
            LogUnreadable(log, file);
        }

        var queue = new OutboundQueue(options, ways, home, time, log, store);
        foreach (var entry in entries)
        {
            queue._jobs.TryAdd(entry.Id, new OutboundJob(entry));
        }

        for (var i = 0; i < ways.MaxConnections; i++)
        {
            queue._workers.Add(Task.Run(queue.WorkAsync, CancellationToken.None));
        }

        queue.QueueDue();
        return queue;
    }

    /// <summary>Figures since the start.</summary>
    public OutboundStatistics Statistics
    {
        get
        {
            var entries = Snapshot();
            return _counters.Snapshot(entries.Count, entries.Count == 0 ? TimeSpan.Zero : _time.GetUtcNow() - entries[0].Entry.QueuedAt);
        }
    }

    /// <summary>How many messages wait or are being sent.</summary>
    public int Count => _jobs.Count;

    /// <summary>Every message of the queue, oldest first.</summary>
    public IReadOnlyList<(OutboundEntry Entry, OutboundQueueState State)> Snapshot() =>
        [.. _jobs.Values.Select(static j => (j.Entry, j.State)).OrderBy(static j => j.Entry.QueuedAt).ThenBy(static j => j.Entry.Id, StringComparer.Ordinal)];

    /// <inheritdoc />
    public async Task<string> EnqueueAsync(OutboundEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var id = envelope.Trace == default || _jobs.ContainsKey(envelope.Trace.ToString()) ? TraceId.New(_time) : envelope.Trace;
        if (HasLongLine(content.Span))
        {
            _counters.CountRefused();
            throw new OutboundRefusedException($"A line has more than {LongestLine} bytes; other mail servers need not take it.", isForever: true);
        }

        if (_jobs.Count >= _options.Capacity)
        {
            _counters.CountRefused();
            throw new OutboundRefusedException($"There are {_jobs.Count} messages in the outbound queue; it takes no more.");
        }

        try
        {
            await AddAsync(id, envelope, content, ct).ConfigureAwait(false);
            return id.ToString();
        }
        catch (IOException failed)
        {
            _counters.CountRefused();
            LogDisk(_log, failed);
            throw new OutboundRefusedException("The outbound queue cannot write to its disk.");
        }
    }

    /// <summary>Tries a waiting message at once. False when there is none of that id, or it is being sent.</summary>
    public bool RetryNow(string id)
    {
        _ways.Forgive();
        return _jobs.TryGetValue(id, out var job) && Queue(job);
    }

    /// <summary>Gives up a message: its sender is told, with the reason. False when there is none of that id, or it is being sent at this moment.</summary>
    public bool Delete(string id, string reason)
    {
        if (!_jobs.TryGetValue(id, out var job) || !job.TryChange(entry => entry.With(
            static d => d.State == OutboundRecipientState.Pending,
            d => d with { State = OutboundRecipientState.Failed, Status = "5.7.0", LastAnswer = "Removed by the administrator: " + reason, IsServersWord = false, LastAttemptAt = _time.GetUtcNow() })))
        {
            return false;
        }

        LogDeleted(_log, id, reason);
        _store.Update(job.Entry);
        Queue(job);
        return true;
    }

    /// <summary>Stops. What is not sent stays for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
    }

    // An id that is there already is the same message: a report that was written before a crash.
    private async Task AddAsync(TraceId id, OutboundEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_jobs.ContainsKey(id.ToString()))
        {
            return;
        }

        var now = _time.GetUtcNow();
        var entry = new OutboundEntry
        {
            Id = id.ToString(), Envelope = envelope with { Recipients = [] }, QueuedAt = now, NextAttemptAt = now,
            Deliveries = [.. envelope.Recipients.Select(static r => new OutboundDelivery { Recipient = r })],
        };
        // An fsync blocks; whoever called keeps its thread.
        var job = new OutboundJob(await Task.Run(() => _store.Add(entry, content), CancellationToken.None).ConfigureAwait(false));
        _jobs.TryAdd(entry.Id, job);
        _counters.CountQueued();
        await NoteAsync(id, OutboundStage.Queued, $"for {string.Join(", ", envelope.Recipients.Select(static r => r.Address))}").ConfigureAwait(false);
        Queue(job);
    }

    private static bool HasLongLine(ReadOnlySpan<byte> content)
    {
        while (content.Length > LongestLine)
        {
            var end = content[..(LongestLine + 1)].LastIndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0)
            {
                return true;
            }

            content = content[(end + 1)..];
        }

        return false;
    }

    private bool Queue(OutboundJob job)
    {
        var isNew = job.TryQueue();
        if (isNew)
        {
            _line.Writer.TryWrite(job);
        }

        return isNew;
    }

    private void QueueDue()
    {
        var now = _time.GetUtcNow();
        foreach (var job in _jobs.Values.Where(j => j.Due <= now).OrderBy(static j => j.Entry.QueuedAt))
        {
            Queue(job);
        }

        SetClock();
    }

    private void SetClock()
    {
        DateTimeOffset due;
        TimeSpan wait;
        lock (_clockGate)
        {
            due = _jobs.Values.Select(static j => j.Due).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            wait = due == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Max(0, (due - _time.GetUtcNow()).Ticks));
            _clock.Change(wait, Timeout.InfiniteTimeSpan);
        }

        if (wait > TimeSpan.Zero && due <= _time.GetUtcNow())
        {
            // It came due while the clock was being set, which then rings too late.
            QueueDue();
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var job in _line.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                await HandleAsync(job).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The queue stops.
        }
    }

    private async Task HandleAsync(OutboundJob job)
    {
        job.Take();
        try
        {
            await SendAsync(job).ConfigureAwait(false);
        }
        catch (Exception failed) when (!_stopping.IsCancellationRequested)
        {
            // The disk, or the mailbox of a report: neither may end the worker, and the message is still there.
            LogFailed(_log, job.Entry.Id, failed);
            job.Return(Postponed(job.Entry));
        }

        // What came due between its return and now is taken here, not by a clock that has passed it.
        QueueDue();
    }

    private async Task SendAsync(OutboundJob job)
    {
        var before = job.Entry;
        var after = before.Pending.Any() ? await _attempt.RunAsync(before, Keep, _stopping.Token).ConfigureAwait(false) : before;
        after = GiveUpOld(after);
        Keep(after);
        await NoteOutcomesAsync(before, after).ConfigureAwait(false);
        after = await _reports.RunAsync(after, _stopping.Token).ConfigureAwait(false);
        if (after.IsDone)
        {
            _store.Remove(after.Id);
            _jobs.TryRemove(after.Id, out _);
            return;
        }

        after = Postponed(after);
        _store.Update(after);
        job.Return(after);

        void Keep(OutboundEntry entry)
        {
            job.Set(entry);
            _store.Update(entry);
        }
    }

    private OutboundEntry Postponed(OutboundEntry entry)
    {
        var failed = entry.FailedAttempts + 1;
        var now = _time.GetUtcNow();
        var next = now + _options.RetryDelays[Math.Min(failed, _options.RetryDelays.Count) - 1];
        // The warning and the end come when they are due, not at the attempt after.
        foreach (var mark in new[] { entry.QueuedAt + _options.WarnAfter, entry.QueuedAt + _options.GiveUpAfter })
        {
            next = mark > now && mark < next ? mark : next;
        }

        return entry with { FailedAttempts = failed, NextAttemptAt = next };
    }

    private OutboundEntry GiveUpOld(OutboundEntry entry) => _time.GetUtcNow() - entry.QueuedAt < _options.GiveUpAfter ? entry : entry.With(
        static d => d.State == OutboundRecipientState.Pending,
        static d => d with { State = OutboundRecipientState.Failed, Status = "4.4.7" });

    private async Task NoteOutcomesAsync(OutboundEntry before, OutboundEntry after)
    {
        foreach (var (_, delivery) in before.Deliveries.Zip(after.Deliveries).Where(static p => p.First.State == OutboundRecipientState.Pending || !p.Second.IsReported))
        {
            var stage = delivery.State switch
            {
                OutboundRecipientState.Sent => OutboundStage.Sent,
                OutboundRecipientState.Failed => OutboundStage.Failed,
                _ => OutboundStage.Deferred,
            };
            CountOutcome(delivery.State);
            await NoteAsync(OutboundReports.TraceOf(after), stage, $"{delivery.Recipient.Address}{(delivery.Server.Length > 0 ? " by " + delivery.Server : "")}: {delivery.LastAnswer}").ConfigureAwait(false);
        }
    }

    private void CountOutcome(OutboundRecipientState state)
    {
        switch (state)
        {
            case OutboundRecipientState.Sent:
                _counters.CountSent();
                break;
            case OutboundRecipientState.Failed:
                _counters.CountFailed();
                break;
            default:
                _counters.CountDeferred();
                break;
        }
    }

    // The ledger tells people; a row that cannot be written never holds a message up.
    private async Task NoteAsync(TraceId id, string stage, string detail)
    {
        try
        {
            await _home.AppendLedgerAsync(id, stage, detail, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (!_stopping.IsCancellationRequested)
        {
            LogLedger(_log, id.ToString(), failed);
        }
    }

    [LoggerMessage(LogLevel.Error, "The entry {File} of the outbound queue cannot be read; it is left as it is")]
    private static partial void LogUnreadable(ILogger log, string file);

    [LoggerMessage(LogLevel.Error, "The outbound queue cannot write to its disk")]
    private static partial void LogDisk(ILogger log, Exception failed);

    [LoggerMessage(LogLevel.Error, "The outgoing message {Id} could not be worked on; it is tried again")]
    private static partial void LogFailed(ILogger log, string id, Exception failed);

    [LoggerMessage(LogLevel.Warning, "The outgoing message {Id} was removed by the administrator: {Reason}")]
    private static partial void LogDeleted(ILogger log, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "A step of the outgoing message {Id} could not be written into the ledger")]
    private static partial void LogLedger(ILogger log, string id, Exception failed);
}
