using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

public sealed class LogTests
{
    [Fact]
    public async Task No_password_is_ever_logged()
    {
        var log = new Lines();
        await using var server = await ImapServer.StartAsync(log: log);
        var client = server.Connect();
        await client.ReadLineAsync();
        await client.TryAsync("LOGIN ann hunter2secret");
        await client.TryAsync("LOGIN ann {13}\r\nhunter2secret");
        await client.TryAsync("LOGIN hunter2secret");
        await client.TryAsync("LOGIN \"bad\r\n");
        await client.TryAsync("AUTHENTICATE PLAIN AGFubgBodW50ZXIyc2VjcmV0");
        await client.TryAsync($"LOGIN ann \"{ImapServer.Password}\"");
        await client.TryAsync("LOGIN ann hunter2secret");
        log.All.ShouldContain(l => l.Contains("login", StringComparison.OrdinalIgnoreCase) && l.Contains("ann"));
        log.All.ShouldNotContain(l => l.Contains("hunter2secret") || l.Contains("AGFubg") || l.Contains(ImapServer.Password));
    }

    [Fact]
    public async Task A_hostile_name_cannot_make_log_lines()
    {
        var log = new Lines();
        await using var server = await ImapServer.StartAsync(log: log);
        var client = server.Connect();
        await client.ReadLineAsync();
        await client.TryAsync("LOGIN {20+}\r\nx\r\nIMAP login of admin wrong");
        log.All.ShouldNotContain(l => l.Contains('\n'));
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> All => _lines;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception) + exception);
    }
}
