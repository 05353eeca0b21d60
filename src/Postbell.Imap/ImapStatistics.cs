using System.Collections.Concurrent;

namespace Postbell.Imap;

/// <summary>How a command ended.</summary>
public enum ImapOutcome
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>Refused.</summary>
    No,

    /// <summary>Not understood, or not allowed in the state of the session.</summary>
    Bad,
}

/// <summary>Commands of one name with one outcome.</summary>
/// <param name="Command">Name in capitals, with <c>UID</c> before it for the UID form; <c>unknown</c> for what is no command.</param>
/// <param name="Outcome">How they ended.</param>
/// <param name="Count">How many.</param>
public readonly record struct ImapCommandCount(string Command, ImapOutcome Outcome, long Count);

/// <summary>Counters of the IMAP door since start. Safe from any thread.</summary>
public sealed class ImapStatistics
{
    private readonly ConcurrentDictionary<(string Command, ImapOutcome Outcome), Counter> _commands = new();
    private long _connections;
    private long _open;
    private long _refused;
    private long _logins;
    private long _loginFailures;
    private long _tlsFailures;

    /// <summary>Connections taken.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Connections open now.</summary>
    public long OpenConnections => Interlocked.Read(ref _open);

    /// <summary>Connections turned away because there were too many.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refused);

    /// <summary>Logins that succeeded.</summary>
    public long Logins => Interlocked.Read(ref _logins);

    /// <summary>Logins with a wrong name or password.</summary>
    public long LoginFailures => Interlocked.Read(ref _loginFailures);

    /// <summary>TLS handshakes that failed.</summary>
    public long TlsFailures => Interlocked.Read(ref _tlsFailures);

    /// <summary>Commands by name and outcome.</summary>
    public IReadOnlyList<ImapCommandCount> Commands =>
    [
        .. _commands.Select(c => new ImapCommandCount(c.Key.Command, c.Key.Outcome, c.Value.Read()))
            .OrderBy(c => c.Command, StringComparer.Ordinal).ThenBy(c => c.Outcome),
    ];

    internal void Opened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _open);
    }

    internal void Closed() => Interlocked.Decrement(ref _open);

    internal void Refused() => Interlocked.Increment(ref _refused);

    internal void LoggedIn() => Interlocked.Increment(ref _logins);

    internal void LoginFailed() => Interlocked.Increment(ref _loginFailures);

    internal void TlsFailed() => Interlocked.Increment(ref _tlsFailures);

    internal void Ended(string command, ImapOutcome outcome) => _commands.GetOrAdd((command, outcome), static _ => new Counter()).Add();

    private sealed class Counter
    {
        private long _value;

        public void Add() => Interlocked.Increment(ref _value);

        public long Read() => Interlocked.Read(ref _value);
    }
}
