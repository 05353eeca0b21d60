using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Postbell.Core;
using Postbell.Sip;

namespace Postbell.Telephony.Calls;

/// <summary>The calls in progress, bounded. Safe from any thread.</summary>
public sealed class ActiveCalls
{
    private readonly ConcurrentDictionary<TraceId, InboundCall> _calls = new();
    private readonly int _limit;
    private int _count;
    private volatile bool _closed;
    private volatile StrongBox<CallEnd>? _endAll;
    private TaskCompletionSource? _empty;

    /// <summary>A registry for at most <paramref name="limit"/> calls.</summary>
    public ActiveCalls(int limit) => _limit = limit;

    /// <summary>Calls in progress, those whose message is still being submitted included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True once <see cref="Close"/> was called.</summary>
    public bool IsClosed => _closed;

    /// <summary>Takes a place for a call; false at the limit or after <see cref="Close"/>. Every place taken is given back by <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        // The place first, then the look: who closes the registry sees either the place or that it was given back.
        if (Interlocked.Increment(ref _count) <= _limit && !_closed)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Makes a call visible. One that comes after <see cref="EndAll"/> is ended like the others.</summary>
    public void Add(InboundCall call)
    {
        _calls[call.Id] = call;
        if (_endAll is { } why)
        {
            call.Post(why.Value);
        }
    }

    /// <summary>Makes a call invisible; its place is given back by <see cref="Leave"/>.</summary>
    public void Remove(InboundCall call) => _calls.TryRemove(call.Id, out _);

    /// <summary>The call of that name, or null when it is over.</summary>
    public InboundCall? Find(TraceId id) => _calls.GetValueOrDefault(id);

    /// <summary>The call whose caller is at the other end of a dialog, or null.</summary>
    internal InboundCall? Find(SipDialog dialog) => _calls.Values.FirstOrDefault(call => call.Has(dialog));

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Volatile.Read(ref _empty)?.TrySetResult();
        }
    }

    /// <summary>All calls, the oldest first.</summary>
    public IReadOnlyList<CallSnapshot> Snapshot() => [.. _calls.Values.Select(c => c.Snapshot()).OrderBy(c => c.StartedAt)];

    /// <summary>Takes no more calls.</summary>
    public void Close() => _closed = true;

    /// <summary>Ends when no call is left.</summary>
    public Task WhenEmptyAsync()
    {
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _empty, empty);
        if (Count == 0)
        {
            empty.TrySetResult();
        }

        return empty.Task;
    }

    /// <summary>Hangs up on everybody; what they said until now is kept.</summary>
    public void EndAll(CallEnd why)
    {
        _endAll = new StrongBox<CallEnd>(why);
        foreach (var call in _calls.Values)
        {
            call.Post(why);
        }
    }
}
