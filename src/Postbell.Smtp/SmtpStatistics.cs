using System.Collections.Concurrent;

namespace Postbell.Smtp;

/// <summary>Replies of one door to commands of one name.</summary>
/// <param name="Door">The door.</param>
/// <param name="Verb">Command in capitals; <c>unknown</c> for what is none, <c>message</c> for the end of a message.</param>
/// <param name="Code">First digit of the reply: 2 and 3 taken, 4 not now, 5 refused.</param>
/// <param name="Count">How many.</param>
public readonly record struct SmtpReplyCount(SmtpDoor Door, string Verb, int Code, long Count);

/// <summary>Counters of the SMTP doors since start. Safe from any thread.</summary>
public sealed class SmtpStatistics
{
    private readonly ConcurrentDictionary<(SmtpDoor Door, string Verb, int Code), Counter> _replies = new();
    private long _connections;
    private long _open;
    private long _refused;
    private long _logins;
    private long _loginFailures;
    private long _tlsFailures;
    private long _smuggling;
    private long _delivered;
    private long _automaticReplies;
    private long _bytes;

    /// <summary>Connections taken.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Connections open now.</summary>
    public long OpenConnections => Interlocked.Read(ref _open);

    /// <summary>Connections turned away: too many, or not from a trusted peer.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refused);

    /// <summary>Logins that succeeded.</summary>
    public long Logins => Interlocked.Read(ref _logins);

    /// <summary>Logins with a wrong name or password.</summary>
    public long LoginFailures => Interlocked.Read(ref _loginFailures);

    /// <summary>TLS handshakes that failed, and commands found behind STARTTLS.</summary>
    public long TlsFailures => Interlocked.Read(ref _tlsFailures);

    /// <summary>Connections cut because a line ended with CR or LF alone.</summary>
    public long BareLineEnds => Interlocked.Read(ref _smuggling);

    /// <summary>Messages put into mailboxes, each mailbox counted.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Automatic replies sent for people who are away.</summary>
    public long AutomaticReplies => Interlocked.Read(ref _automaticReplies);

    /// <summary>Bytes of messages taken.</summary>
    public long MessageBytes => Interlocked.Read(ref _bytes);

    /// <summary>Replies by door, command and kind.</summary>
    public IReadOnlyList<SmtpReplyCount> Replies =>
    [
        .. _replies.Select(r => new SmtpReplyCount(r.Key.Door, r.Key.Verb, r.Key.Code, r.Value.Read()))
            .OrderBy(r => r.Door).ThenBy(r => r.Verb, StringComparer.Ordinal).ThenBy(r => r.Code),
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

    internal void BareLineEnd() => Interlocked.Increment(ref _smuggling);

    internal void RepliedForPerson() => Interlocked.Increment(ref _automaticReplies);

    internal void Stored() => Interlocked.Increment(ref _delivered);

    internal void Took(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void Replied(SmtpDoor door, string verb, int code) => _replies.GetOrAdd((door, verb, code / 100), static _ => new Counter()).Add();

    private sealed class Counter
    {
        private long _value;

        public void Add() => Interlocked.Increment(ref _value);

        public long Read() => Interlocked.Read(ref _value);
    }
}
