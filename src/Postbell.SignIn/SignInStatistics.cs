using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Postbell.SignIn;

/// <summary>Counters of sign-ins since start. Safe from any thread.</summary>
public sealed class SignInStatistics
{
    private readonly ConcurrentDictionary<(SignInDoor Door, SignInVerdict Verdict), StrongBox<long>> _tries = new();
    private readonly ConcurrentDictionary<string, StrongBox<long>> _locks = new(StringComparer.Ordinal);

    /// <summary>Tries by door and outcome.</summary>
    public IReadOnlyList<(SignInDoor Door, SignInVerdict Verdict, long Count)> Tries =>
        [.. _tries.Select(t => (t.Key.Door, t.Key.Verdict, Volatile.Read(ref t.Value.Value))).OrderBy(t => t.Door).ThenBy(t => t.Verdict)];

    /// <summary>Locks set, by what was locked: account, source or pair.</summary>
    public IReadOnlyList<(string Kind, long Count)> Locks =>
        [.. _locks.Select(l => (l.Key, Volatile.Read(ref l.Value.Value))).OrderBy(l => l.Key, StringComparer.Ordinal)];

    internal void Tried(SignInDoor door, SignInVerdict verdict) =>
        Interlocked.Increment(ref _tries.GetOrAdd((door, verdict), static _ => new StrongBox<long>()).Value);

    internal void Locked(string kind) => Interlocked.Increment(ref _locks.GetOrAdd(kind, static _ => new StrongBox<long>()).Value);
}
