using Microsoft.Extensions.Logging;

namespace Postbell.Mailbox.Maintenance;

/// <summary>Something the store does by itself in the background, again and again. What fails is logged and tried again later.</summary>
internal sealed partial class RepeatedWork : IAsyncDisposable
{
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _closing = new();
    private readonly Task _running;

    /// <summary>Starts it.</summary>
    /// <param name="name">What it is, for the log.</param>
    /// <param name="first">Time until it is done for the first time: the start of a server has better things to do.</param>
    /// <param name="work">Does it once and says after which time it is to be done again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where failures go.</param>
    public RepeatedWork(string name, TimeSpan first, Func<CancellationToken, Task<TimeSpan>> work, TimeProvider time, ILogger log) =>
        _running = Task.Run(() => RunAsync(name, first, work, time, log));

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task RunAsync(string name, TimeSpan pause, Func<CancellationToken, Task<TimeSpan>> work, TimeProvider time, ILogger log)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, _closing.Token).ConfigureAwait(false);
                pause = await work(_closing.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogFailed(log, name, s_afterFailure, fault);
                pause = s_afterFailure;
            }
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "Work of the store in the background failed: {Name}; next attempt in {Pause}")]
    private static partial void LogFailed(ILogger log, string name, TimeSpan pause, Exception fault);
}
