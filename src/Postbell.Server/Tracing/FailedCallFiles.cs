using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Postbell.Server.Hosting;
using Postbell.Sip.Tracing;

namespace Postbell.Server.Tracing;

/// <summary>
/// Writes the trace of each failed call into a folder, a ladder with all messages (.txt) and a capture (.pcap), readable by the server's user alone. Only the
/// newest calls stay, and a storm of failures writes only a few of them: 20 at once, then ten a minute.
/// </summary>
internal sealed partial class FailedCallFiles : IAsyncDisposable
{
    private const int MostWaiting = 32;
    private const int Burst = 20;
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(6);

    private readonly string _folder;
    private readonly int _mostCalls;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<CallTraceSnapshot> _waiting = Channel.CreateBounded<CallTraceSnapshot>(MostWaiting);
    private readonly Task _writing;
    private DateTimeOffset _paidUntil;
    private long _written;
    private long _skipped;
    private long _failed;

    /// <summary>Begins to take traces.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="mostCalls">How many calls it keeps, 1 or more.</param>
    /// <param name="time">For the pace.</param>
    /// <param name="log">Says what was written.</param>
    public FailedCallFiles(string folder, int mostCalls, TimeProvider time, ILogger<FailedCallFiles> log)
    {
        (_folder, _mostCalls, _time, _log) = (folder, mostCalls, time, log);
        _writing = WriteAllAsync();
    }

    /// <summary>Calls written.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Calls left out because too many failed at a time.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Calls that could not be written.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Takes a trace to be written soon. Any thread, at once.</summary>
    public void Post(CallTraceSnapshot trace)
    {
        if (!_waiting.Writer.TryWrite(trace))
        {
            Interlocked.Increment(ref _skipped);
        }
    }

    /// <summary>Writes what waits and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        await foreach (var trace in _waiting.Reader.ReadAllAsync())
        {
            if (!Pays())
            {
                Interlocked.Increment(ref _skipped);
                continue;
            }

            try
            {
                Write(trace);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Interlocked.Increment(ref _failed);
                LogFailed(trace.Id.ToString(), fault.Message);
            }
        }
    }

    private bool Pays()
    {
        var now = _time.GetUtcNow();
        var from = _paidUntil > now ? _paidUntil : now;
        if (from - now > s_pace * (Burst - 1))
        {
            return false;
        }

        _paidUntil = from + s_pace;
        return true;
    }

    private void Write(CallTraceSnapshot trace)
    {
        var reason = new string([.. (trace.Failure ?? "Unknown").Where(char.IsAsciiLetterOrDigit).Take(40)]);
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{trace.BeganAt.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{reason}-{trace.Id}"));
        PrivateFile.Write(path + ".pcap", TracePcap.Write(trace));
        PrivateFile.Write(path + ".txt", Encoding.UTF8.GetBytes(TraceLadder.Draw(trace, messages: true)));
        Interlocked.Increment(ref _written);
        LogWritten(reason, trace.Id.ToString(), path + ".txt");
        foreach (var old in System.IO.Directory.GetFiles(_folder, "*.txt").Order(StringComparer.Ordinal).SkipLast(_mostCalls))
        {
            File.Delete(Path.ChangeExtension(old, ".pcap"));
            File.Delete(old);
        }
    }

    [LoggerMessage(60, LogLevel.Information, "A call failed ({Reason}); its signalling, call {Id}, is in {Path}")]
    private partial void LogWritten(string reason, string id, string path);

    [LoggerMessage(61, LogLevel.Warning, "The signalling of the failed call {Id} could not be written: {Problem}")]
    private partial void LogFailed(string id, string problem);
}
