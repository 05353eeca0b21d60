using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Speech.Flite;
using Postbell.Speech.Worker;

namespace Postbell.Speech;

/// <summary>
/// Speaks through a worker process: starts it with the first text, gives it one text after the other, replaces it when it dies, hangs or talks
/// nonsense (after a growing pause), and never again gives it a text that ended it twice. Safe from any thread.
/// </summary>
public sealed partial class SpeechWorkerProcess : ISpeechSynthesizer, IAsyncDisposable
{
    private readonly SpeechWorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<SpeechRequest> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TextQuarantine _quarantine = new();
    private readonly Task _loop;

    // Used by the loop only.
    private WorkerConnection? _worker;
    private SpeechException? _startFailure;
    private int _failuresInARow;
    private long _lastFailure;

    private volatile int _processId;

    /// <summary>Prepares; no process is started yet.</summary>
    public SpeechWorkerProcess(SpeechWorkerOptions options, TimeProvider time, ILogger<SpeechWorkerProcess> log)
    {
        (_options, _time, _log) = (options, time, log);
        _queue = Channel.CreateBounded<SpeechRequest>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <inheritdoc />
    public string Engine => FliteEngine.EngineName;

    /// <summary>What happened so far.</summary>
    public SpeechStatistics Statistics { get; } = new();

    /// <summary>Number of the worker process; null when none runs.</summary>
    public int? ProcessId => _processId == 0 ? null : _processId;

    /// <inheritdoc />
    public async Task<PcmAudio> SynthesizeAsync(string voice, string text, CancellationToken cancellation)
    {
        try
        {
            return await SpeakAsync(voice, text, cancellation);
        }
        catch (SpeechException e)
        {
            Statistics.CountFailure(e.Failure);
            throw;
        }
    }

    /// <summary>Refuses what waits and ends the worker.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        if (_worker is { } worker)
        {
            await worker.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task<PcmAudio> SpeakAsync(string voice, string text, CancellationToken cancellation)
    {
        if (text.Length > SpeechText.MaxLength)
        {
            throw new SpeechException(SpeechFailure.TextTooLong, "");
        }

        var request = new SpeechRequest(voice, text);
        if (!_queue.Writer.TryWrite(request))
        {
            throw new SpeechException(_stopping.IsCancellationRequested ? SpeechFailure.Stopped : SpeechFailure.Busy, "");
        }

        try
        {
            var audio = await request.Answer.WaitAsync(_options.RequestTimeout, _time, cancellation);
            Statistics.CountSpoken();
            return audio;
        }
        catch (TimeoutException e)
        {
            throw new SpeechException(SpeechFailure.Late, "", e);
        }
        finally
        {
            request.Abandon();
        }
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_queue.Reader.TryRead(out var request))
            {
                try
                {
                    await ServeAsync(request, _stopping.Token);
                }
                catch (SpeechException e)
                {
                    request.Fail(e);
                }
                catch (OperationCanceledException)
                {
                    request.Fail(new SpeechException(SpeechFailure.Stopped, ""));
                }
                catch (Exception e)
                {
                    // One text must not end speech for all.
                    LogUnexpected(e);
                    request.Fail(new SpeechException(SpeechFailure.EngineFailed, e.Message, e));
                }
            }
        }
    }

    private async Task ServeAsync(SpeechRequest request, CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            if (request.IsAbandoned)
            {
                return;
            }

            if (_quarantine.Holds(request.Voice, request.Text))
            {
                throw new SpeechException(SpeechFailure.Quarantined, "");
            }

            var worker = await ConnectAsync(stopping);
            try
            {
                var answer = await worker.AskAsync(request.Voice, request.Text, _options.RequestTimeout, stopping);
                _failuresInARow = 0;
                request.Complete(answer.ReadAudio());
                return;
            }
            catch (SpeechException e) when (e.Failure is SpeechFailure.WorkerCrashed or SpeechFailure.Late or SpeechFailure.BadAnswer)
            {
                LogWorkerLost(worker.ProcessId, e.Message);
                _quarantine.Blame(request.Voice, request.Text);
                await DropWorkerAsync();
                if (_quarantine.Holds(request.Voice, request.Text))
                {
                    LogQuarantined(DisplayText.Clean(request.Text));
                    throw;
                }
            }
        }
    }

    private async Task<WorkerConnection> ConnectAsync(CancellationToken stopping)
    {
        if (_worker is { IsAlive: true } running)
        {
            return running;
        }

        if (_worker is not null)
        {
            LogWorkerLost(_worker.ProcessId, "it ended between two texts");
            await DropWorkerAsync();
        }

        var pause = RestartPause();
        if (pause > TimeSpan.Zero && _startFailure is { } known)
        {
            // Waiting would not help this text: say at once what is wrong.
            throw new SpeechException(known.Failure, known.Detail, known);
        }

        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, _time, stopping);
        }

        return await StartAsync(stopping);
    }

    private async Task<WorkerConnection> StartAsync(CancellationToken stopping)
    {
        try
        {
            Statistics.CountStart();
            _worker = await WorkerConnection.StartAsync(_options, _time, _log, stopping);
            _startFailure = null;
            _processId = _worker.ProcessId;
            LogStarted(_worker.ProcessId);
            return _worker;
        }
        catch (SpeechException e)
        {
            LogNotStarted(e.Message);
            _startFailure = e;
            CountFailureInARow();
            throw;
        }
    }

    private async Task DropWorkerAsync()
    {
        var worker = _worker!;
        _worker = null;
        _processId = 0;
        CountFailureInARow();
        await worker.KillAsync();
    }

    private void CountFailureInARow()
    {
        _failuresInARow++;
        _lastFailure = _time.GetTimestamp();
    }

    private TimeSpan RestartPause()
    {
        if (_failuresInARow == 0)
        {
            return TimeSpan.Zero;
        }

        var delay = _options.FirstRestartDelay * Math.Pow(2, Math.Min(_failuresInARow - 1, 20));
        return (delay < _options.LongestRestartDelay ? delay : _options.LongestRestartDelay) - _time.GetElapsedTime(_lastFailure);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Speech worker {ProcessId} started")]
    private partial void LogStarted(int processId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The speech worker cannot be started: {Reason}")]
    private partial void LogNotStarted(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Speech worker {ProcessId} is lost: {Reason}")]
    private partial void LogWorkerLost(int processId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A text ended the speech worker twice and is not spoken any more: {Text}")]
    private partial void LogQuarantined(string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "Speech failed in an unexpected way")]
    private partial void LogUnexpected(Exception exception);
}
