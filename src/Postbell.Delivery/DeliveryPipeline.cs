using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Delivery.Audio;
using Postbell.Delivery.Queueing;
using Postbell.Mailbox;

namespace Postbell.Delivery;

/// <summary>
/// Brings every message of the spool into its mailbox, exactly once, whatever fails on the way: a few workers, each message by itself, a failed
/// one waits longer and longer while the others pass it, and after days it is held for a person, never dropped.
/// </summary>
public sealed partial class DeliveryPipeline : IAsyncDisposable
{
    private readonly Spool _spool;
    private readonly IDeliveryTarget _target;
    private readonly DeliveryOptions _options;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;
    private readonly AttachmentEncoder _encoder;
    private readonly DeliveryAttempt _attempt;
    private readonly DeliveryCounters _counters = new();
    private readonly ConcurrentDictionary<TraceId, DeliveryJob> _jobs = new();
    private readonly Channel<DeliveryJob> _line = Channel.CreateUnbounded<DeliveryJob>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _workers = [];

    /// <summary>Creates a pipeline that does nothing yet. Spool, target and wheel belong to the caller.</summary>
    /// <param name="spool">Where messages come from.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="options">How.</param>
    /// <param name="wheel">Clock and timers.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="notify">Called after each commit; null when the store's change feed is all that is needed.</param>
    public DeliveryPipeline(
        Spool spool, IDeliveryTarget target, DeliveryOptions options, TimerWheel wheel, ILoggerFactory loggers,
        Func<DeliveredMessage, CancellationToken, Task>? notify = null)
    {
        (_spool, _target, _options, _wheel) = (spool, target, options, wheel);
        _log = loggers.CreateLogger<DeliveryPipeline>();
        _encoder = new AttachmentEncoder(options.WavWhenMp3IsMissing, loggers.CreateLogger<AttachmentEncoder>());
        _attempt = new DeliveryAttempt(spool, target, options, _encoder, _counters, notify, wheel.Time, _log);
    }

    /// <summary>Figures since the start.</summary>
    public DeliveryStatistics Statistics => _counters.Snapshot([.. _jobs.Values.Select(static j => j.Info)], _wheel.Time.GetUtcNow(), _encoder.Substitutions);

    /// <summary>True when MP3 attachments can be made.</summary>
    public bool CanMp3 => _encoder.CanMp3;

    /// <summary>True when Ogg Opus attachments can be made.</summary>
    public bool CanOpus => _encoder.CanOpus;

    /// <summary>
    /// Puts what earlier runs left into the line, then begins to work. When it returns everything recovered is in the queue, so calls may be taken.
    /// </summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var recording in _spool.Journal.Recovered)
        {
            Recover(DeliveryJob.Of(recording, _wheel.Time));
        }

        for (var i = 0; i < Math.Max(1, _options.Parallelism); i++)
        {
            _workers.Add(Task.Run(WorkAsync, CancellationToken.None));
        }

        _spool.Connect(Accept);
        return Task.CompletedTask;
    }

    /// <summary>How many messages are not in their mailbox yet.</summary>
    public int QueueLength => _jobs.Count;

    /// <summary>Every message that is not in its mailbox yet, oldest call first.</summary>
    public IReadOnlyList<QueuedMessage> QueueSnapshot() => [.. _jobs.Values.Select(static j => j.Info).OrderBy(static i => i.ReceivedAt).ThenBy(static i => i.Id)];

    /// <summary>Tries a waiting or held message at once. False when there is none of that id that could be tried.</summary>
    public bool RetryNow(TraceId id)
    {
        if (!_jobs.TryGetValue(id, out var job) || job.Info.State is not (QueueState.Retrying or QueueState.Held))
        {
            return false;
        }

        Enqueue(job);
        return true;
    }

    /// <summary>Stops. What is not delivered stays in the journal for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _spool.Connect(null);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(false);
        foreach (var job in _jobs.Values)
        {
            job.Stop();
        }
    }

    private void Recover(DeliveryJob job)
    {
        if (!_jobs.TryAdd(job.Id, job))
        {
            return;
        }

        if (job.Info.State == QueueState.Quarantined)
        {
            LogQuarantined(_log, job.Id.ToString(), job.Info.LastError!);
            _counters.Count(MessageKind.Voice, DepositResult.Quarantined);
            _workers.Add(NoteQuarantineAsync(job));
            return;
        }

        if (job.Info.Interrupted)
        {
            _counters.CountInterrupted();
        }

        Enqueue(job);
    }

    private void Enqueue(DeliveryJob job)
    {
        if (job.TryQueue())
        {
            _line.Writer.TryWrite(job);
        }
    }

    private void Accept(SpooledMessage message)
    {
        var job = DeliveryJob.Of(message, _wheel.Time);
        if (_jobs.TryAdd(job.Id, job))
        {
            Enqueue(job);
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var job in _line.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                await DeliverAsync(job).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The pipeline stops.
        }
    }

    private async Task DeliverAsync(DeliveryJob job)
    {
        if (!_jobs.ContainsKey(job.Id) || !job.TryTake())
        {
            return;
        }

        var ledger = new DeliveryLedger(_target, job, _counters, _log);
        using var timeout = new CancellationTokenSource(_options.AttemptTimeout, _wheel.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            await _attempt.RunAsync(job, ledger, either.Token).ConfigureAwait(false);
            _jobs.TryRemove(job.Id, out _);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            var reason = timeout.IsCancellationRequested ? new TimeoutException($"It took longer than {_options.AttemptTimeout}.", error) : error;
            Fail(job, ledger, reason);
            await ledger.FlushAsync().ConfigureAwait(false);
        }
    }

    private void Fail(DeliveryJob job, DeliveryLedger ledger, Exception error)
    {
        var now = _wheel.Time.GetUtcNow();
        var failed = job.Info.FailedAttempts + 1;
        // Age alone does not hold a message: one of a server that was off for a week, or whose clock was set wrong, gets its attempts first.
        var isGivenUp = now - job.Info.ReceivedAt >= _options.HoldAfter && failed > _options.RetryDelays.Count;
        if (error is DeliveryRefusedException || isGivenUp)
        {
            ledger.Add(LedgerStage.Held, error.Message);
            _counters.Count(job.Info.Kind, DepositResult.Held);
            LogHeld(_log, job.Id.ToString(), error);
            job.Return(i => i with { State = QueueState.Held, FailedAttempts = failed, LastError = error.Message }, null);
            return;
        }

        var delay = _options.RetryDelays[Math.Min(failed, _options.RetryDelays.Count) - 1];
        ledger.Add(LedgerStage.Retry, $"attempt {failed} failed: {error.Message}; next in {delay.TotalSeconds:0} s");
        _counters.Count(job.Info.Kind, DepositResult.Failed);
        LogRetry(_log, job.Id.ToString(), failed, delay, error);
        job.Return(
            i => i with { State = QueueState.Retrying, FailedAttempts = failed, LastError = error.Message, NextAttemptAt = now + delay },
            () => _wheel.Schedule(delay, _ => Enqueue(job)));
    }

    private async Task NoteQuarantineAsync(DeliveryJob job)
    {
        var ledger = new DeliveryLedger(_target, job, _counters, _log);
        try
        {
            await ledger.ReadAsync(_stopping.Token).ConfigureAwait(false);
            ledger.Reach(LedgerStage.Held, job.Info.LastError!);
            await ledger.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The queue and the log show it in any case.
            LogLedgerUnread(_log, job.Id.ToString(), error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The ledger of {Id} could not be read")]
    private static partial void LogLedgerUnread(ILogger log, string id, Exception error);

    [LoggerMessage(LogLevel.Error, "Message {Id} is quarantined: {Reason}")]
    private static partial void LogQuarantined(ILogger log, string id, string reason);

    [LoggerMessage(LogLevel.Error, "Message {Id} is held for a person")]
    private static partial void LogHeld(ILogger log, string id, Exception error);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} to deliver message {Id} failed; next in {Delay}")]
    private static partial void LogRetry(ILogger log, string id, int attempt, TimeSpan delay, Exception error);
}
