using System.Net;
using System.Text;
using Postbell.Core;

namespace Postbell.Sip.Tracing;

/// <summary>
/// Remembers the signalling of running and recent calls, within fixed limits and without their secrets. Any thread. A call begins with an INVITE;
/// messages outside of calls are not kept.
/// </summary>
/// <remarks>
/// One lock for all: what is done under it is a look-up and one copy. Secrets are removed from a copy of the thread's own before it, so that they are
/// never in memory that stays.
/// </remarks>
public sealed class CallTraces : ISipTap
{
    private const int LongestCallId = 256;

    // Under overload every refused call fails; nobody reads thousands of them.
    private const int MostSettling = 64;
    private static readonly TimeSpan s_longestRunning = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromMinutes(1);

    [ThreadStatic]
    private static byte[]? t_clean;

    private readonly Lock _gate = new();
    private readonly CallTraceOptions _options;
    private readonly TimerWheel _wheel;
    private readonly ITraceExport? _export;
    private readonly Action<CallTraceSnapshot>? _onFailed;
    private readonly TraceBuffers _buffers;
    private readonly LinkedList<CallTrace> _order = [];
    private readonly Dictionary<string, LinkedListNode<CallTrace>> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedListNode<CallTrace>>.AlternateLookup<ReadOnlySpan<char>> _byCallId;
    private readonly Stack<LinkedListNode<CallTrace>> _unused = [];
    private long _kept;
    private long _dropped;
    private long _forgotten;
    private long _failed;
    private int _settling;
    private bool _sweeping;

    /// <summary>Remembers nothing yet.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="wheel">Its clock and timers.</param>
    /// <param name="onFailed">Gets the whole trace of each failed call once it has settled; called on the timer's thread, may only post.</param>
    /// <param name="export">Gets each message as it passes; null for nobody.</param>
    public CallTraces(CallTraceOptions options, TimerWheel wheel, Action<CallTraceSnapshot>? onFailed = null, ITraceExport? export = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxMessagesPerCall, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxMessageBytes, TraceBuffers.Largest);
        _options = options;
        _wheel = wheel;
        _onFailed = onFailed;
        _export = export;
        _buffers = new TraceBuffers(options.MaxBytes);
        _byCallId = _calls.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Counters.</summary>
    public CallTraceStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new CallTraceStatistics(_order.Count, _buffers.UsedBytes, _kept, _dropped, _forgotten, _failed);
            }
        }
    }

    /// <inheritdoc />
    public void OnMessage(SipDirection direction, SipTransport transport, IPEndPoint local, IPEndPoint remote, ReadOnlySpan<byte> message)
    {
        var glance = SipGlance.Read(message);
        Span<char> key = stackalloc char[LongestCallId];
        var callId = KeyOf(glance.CallId, key);
        if (callId.IsEmpty)
        {
            return;
        }

        var at = _wheel.Time.GetUtcNow();
        if (!Enter(callId, glance, direction, at))
        {
            return;
        }

        var clean = Clean(message);
        Keep(callId, new CallTrace.Entry(at, direction, transport, local, remote, [], clean.Length, message.Length), clean);
        _export?.Export(at, direction, transport, local, remote, callId, clean);
    }

    /// <inheritdoc />
    public void OnNamed(string callId, TraceId id) => Change(callId, id, static (call, id) => call.Id = id);

    /// <inheritdoc />
    public void OnNote(string callId, string note) => Change(callId, note, static (call, note) => call.Note(note));

    /// <inheritdoc />
    public void OnFailed(string callId, string reason)
    {
        lock (_gate)
        {
            if (_calls.TryGetValue(Shorten(callId), out var node))
            {
                Fail(node.Value, reason);
            }
        }
    }

    /// <summary>The calls remembered, the newest first, without their messages.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<CallTraceSnapshot> Recent(int most)
    {
        var calls = new List<CallTraceSnapshot>();
        lock (_gate)
        {
            ForgetOld();
            for (var node = _order.Last; node is not null && calls.Count < most; node = node.Previous)
            {
                calls.Add(node.Value.Snapshot(withMessages: false));
            }
        }

        return calls;
    }

    /// <summary>The whole trace of the newest call that <paramref name="wanted"/> accepts; null when there is none.</summary>
    /// <param name="wanted">Looks at a call without its messages.</param>
    public CallTraceSnapshot? Find(Predicate<CallTraceSnapshot> wanted)
    {
        lock (_gate)
        {
            ForgetOld();
            for (var node = _order.Last; node is not null; node = node.Previous)
            {
                if (wanted(node.Value.Snapshot(withMessages: false)))
                {
                    return node.Value.Snapshot(withMessages: true);
                }
            }
        }

        return null;
    }

    /// <summary>Finds the message's call, or begins it; false for a message of no call.</summary>
    private bool Enter(ReadOnlySpan<char> callId, in SipGlance glance, SipDirection direction, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_byCallId.TryGetValue(callId, out var node))
            {
                if (!glance.Method.SequenceEqual("INVITE"u8))
                {
                    return false;
                }

                node = Begin(callId.ToString(), at);
            }

            var call = node.Value;
            call.Count(at);
            Follow(call, glance, direction);
            return true;
        }
    }

    private LinkedListNode<CallTrace> Begin(string callId, DateTimeOffset at)
    {
        ForgetOld();
        while (_order.Count >= _options.MaxCalls)
        {
            Forget(FirstEnded() ?? _order.First!);
        }

        var node = _unused.TryPop(out var used) ? used : new LinkedListNode<CallTrace>(new CallTrace(_options, _buffers));
        node.Value.Begin(callId, TraceId.New(_wheel.Time), at);
        _calls[callId] = node;
        _order.AddLast(node);
        SweepLater();
        return node;
    }

    /// <summary>Notes what a message says about how the call goes.</summary>
    private void Follow(CallTrace call, in SipGlance glance, SipDirection direction)
    {
        if (glance.Method.SequenceEqual("BYE"u8))
        {
            call.HasEnded = true;
            return;
        }

        if (glance.Status < 200 || call.IsAnswered || !glance.CSeqMethod.SequenceEqual("INVITE"u8))
        {
            return;
        }

        call.IsAnswered = glance.Status < 300;
        call.HasEnded = !call.IsAnswered;
        // After a challenge or a short session interval the caller tries again; who cancels has not failed.
        if (glance.Status >= 400 && glance.Status is not (401 or 407 or 422 or 487))
        {
            Fail(call, $"{(direction == SipDirection.Sent ? "Refused" : "RefusedByPeer")}{glance.Status}");
        }
    }

    private void Fail(CallTrace call, string reason)
    {
        if (call.Failure is not null)
        {
            return;
        }

        call.Failure = reason;
        call.HasEnded = true;
        _failed++;
        if (_onFailed is not null && _settling < MostSettling)
        {
            _settling++;
            _wheel.Schedule(_options.SettleTime, static state => ((Settling)state!).Tell(), new Settling(this, call, call.BeganAt));
        }
    }

    private void Keep(ReadOnlySpan<char> callId, CallTrace.Entry entry, ReadOnlySpan<byte> clean)
    {
        lock (_gate)
        {
            if (!_byCallId.TryGetValue(callId, out var node))
            {
                return;
            }

            if (!TryTakeBuffer(clean.Length, node, out var buffer))
            {
                _dropped++;
                return;
            }

            clean.CopyTo(buffer);
            _dropped += node.Value.Add(entry with { Buffer = buffer });
            _kept++;
        }
    }

    private bool TryTakeBuffer(int length, LinkedListNode<CallTrace> keeper, out byte[] buffer)
    {
        while (true)
        {
            if (_buffers.TryTake(length, out var taken))
            {
                buffer = taken;
                return true;
            }

            if (FirstEnded() is not { } oldest || oldest == keeper)
            {
                buffer = [];
                return false;
            }

            Forget(oldest);
        }
    }

    /// <summary>A copy without secrets, cut to what is kept of one message; valid until the thread's next message.</summary>
    private ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> message)
    {
        var bodyAt = SipGlance.BodyOffset(message);
        var length = Math.Min(Math.Min(message.Length, bodyAt + _options.MaxBodyBytes), _options.MaxMessageBytes);
        var clean = (t_clean ??= new byte[TraceBuffers.Largest]).AsSpan(0, length);
        message[..length].CopyTo(clean);
        SecretRemoval.Clean(clean);
        return clean;
    }

    private LinkedListNode<CallTrace>? FirstEnded()
    {
        var node = _order.First;
        // Long calls stand at the front; behind a few hundred of them something has ended.
        for (var looked = 0; node is { Value.HasEnded: false } && looked < 1000; looked++)
        {
            node = node.Next;
        }

        return node is { Value.HasEnded: true } ? node : null;
    }

    private void ForgetOld()
    {
        var now = _wheel.Time.GetUtcNow();
        for (var node = _order.First; node is not null && now - node.Value.BeganAt > _options.KeepFor;)
        {
            var next = node.Next;
            if (now - node.Value.LastAt > (node.Value.HasEnded ? _options.KeepFor : s_longestRunning))
            {
                Forget(node);
            }

            node = next;
        }
    }

    private void Forget(LinkedListNode<CallTrace> node)
    {
        _order.Remove(node);
        _calls.Remove(node.Value.CallId);
        node.Value.Clear();
        _forgotten++;
        if (_unused.Count < _options.MaxCalls)
        {
            _unused.Push(node);
        }
    }

    /// <summary>What is too old goes also while nothing happens.</summary>
    private void SweepLater()
    {
        if (!_sweeping)
        {
            _sweeping = true;
            _wheel.Schedule(s_sweepInterval, static state => ((CallTraces)state!).Sweep(), this);
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            ForgetOld();
            _sweeping = false;
            if (_order.Count > 0)
            {
                SweepLater();
            }
        }
    }

    private void Change<T>(string callId, T value, Action<CallTrace, T> change)
    {
        lock (_gate)
        {
            if (_calls.TryGetValue(Shorten(callId), out var node))
            {
                change(node.Value, value);
            }
        }
    }

    private static string Shorten(string callId) => callId.Length <= LongestCallId ? callId : callId[..LongestCallId];

    private static ReadOnlySpan<char> KeyOf(ReadOnlySpan<byte> callId, Span<char> key)
    {
        Encoding.UTF8.TryGetChars(callId[..Math.Min(callId.Length, key.Length)], key, out var length);
        return key[..length];
    }

    private sealed record Settling(CallTraces Traces, CallTrace Call, DateTimeOffset BeganAt)
    {
        public void Tell()
        {
            CallTraceSnapshot trace;
            lock (Traces._gate)
            {
                Traces._settling--;
                if (Call.BeganAt != BeganAt || !Traces._calls.TryGetValue(Call.CallId, out var node) || node.Value != Call)
                {
                    return;
                }

                trace = Call.Snapshot(withMessages: true);
            }

            Traces._onFailed!(trace);
        }
    }
}
