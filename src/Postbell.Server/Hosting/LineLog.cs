using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postbell.Core;

namespace Postbell.Server.Hosting;

/// <summary>
/// The server's log: one line per event, to the error stream and to <c>logs/postbell.log</c> (turned over at 16 MB, five kept).
/// Nobody who logs ever waits for a disk or a terminal; when lines come faster than they can be written, the newest are counted and dropped.
/// </summary>
internal sealed class LineLog : ILoggerProvider, IAsyncDisposable
{
    private const int QueueLength = 8192;
    private const int LineLimit = 4096;
    private readonly Channel<Line> _lines = Channel.CreateBounded<Line>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly TimeProvider _time;
    private readonly LogLevel _terminalLevel;
    private readonly TextWriter _terminal;
    private readonly RollingFile _file;
    private readonly Task _writer;
    private long _dropped;

    /// <summary>Starts to write.</summary>
    /// <param name="folder">Where the file is.</param>
    /// <param name="terminal">The error stream.</param>
    /// <param name="terminalLevel">Least level that is shown there; the file gets everything the filters let through.</param>
    /// <param name="time">The clock of the time stamps.</param>
    public LineLog(string folder, TextWriter terminal, LogLevel terminalLevel, TimeProvider time)
    {
        (_terminal, _terminalLevel, _time) = (terminal, terminalLevel, time);
        _file = new RollingFile(Path.Combine(folder, "postbell.log"));
        _writer = Task.Run(WriteAsync);
    }

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    /// <inheritdoc />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            Put(line);
            if (!_lines.Reader.TryPeek(out _))
            {
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var count)
                {
                    Put(new Line(LogLevel.Warning, Compose(LogLevel.Warning, nameof(LineLog), $"{count} log lines dropped")));
                }

                _file.Flush();
            }
        }

        _file.Dispose();
    }

    private void Put(Line line)
    {
        if (line.Level >= _terminalLevel)
        {
            _terminal.WriteLine(line.Text);
        }

        _file.WriteLine(line.Text);
    }

    private void Enqueue(LogLevel level, string category, string message)
    {
        if (!_lines.Writer.TryWrite(new Line(level, Compose(level, category, message))))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private string Compose(LogLevel level, string category, string message)
    {
        // What a stranger sent may be part of the message: no line breaks, no terminal control characters.
        var clean = DisplayText.Clean(message, LineLimit);
        return string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(level)} {category}: {clean}");
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private readonly record struct Line(LogLevel Level, string Text);

    private sealed class CategoryLogger(LineLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not (LogLevel.None or LogLevel.Trace);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var message = formatter(state, exception);
                log.Enqueue(logLevel, category, exception is null ? message : $"{message}: {exception}");
            }
        }
    }
}
