using System.Collections.Concurrent;
using System.Collections.Immutable;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>A session that wants to hear of changes in its person's mailbox.</summary>
internal interface IWatchingSession
{
    /// <summary>Called on the store's thread: must only note it.</summary>
    void OnChange(MailboxChange change);
}

/// <summary>Passes the store's change feed on to the sessions of the person it is about: one subscription for all connections.</summary>
internal sealed class MailboxWatch : IDisposable
{
    private readonly ConcurrentDictionary<long, ImmutableHashSet<IWatchingSession>> _sessions = new();
    private readonly IDisposable _subscription;

    public MailboxWatch(MailStore store) => _subscription = store.Subscribe(Pass);

    public void Add(long accountId, IWatchingSession session) =>
        _sessions.AddOrUpdate(accountId, static (_, s) => [s], static (_, all, s) => all.Add(s), session);

    public void Remove(long accountId, IWatchingSession session)
    {
        var left = _sessions.AddOrUpdate(accountId, static (_, _) => [], static (_, all, s) => all.Remove(s), session);
        if (left.IsEmpty)
        {
            // Only the empty set is removed: one that was filled again meanwhile stays.
            _sessions.TryRemove(new KeyValuePair<long, ImmutableHashSet<IWatchingSession>>(accountId, left));
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void Pass(MailboxChange change)
    {
        if (change.Kind == MailboxChangeKind.Overrun)
        {
            foreach (var sessions in _sessions.Values)
            {
                Tell(sessions, change);
            }
        }
        else if (_sessions.TryGetValue(change.AccountId, out var sessions))
        {
            Tell(sessions, change);
        }
    }

    private static void Tell(ImmutableHashSet<IWatchingSession> sessions, MailboxChange change)
    {
        foreach (var session in sessions)
        {
            session.OnChange(change);
        }
    }
}
