using System.Net;
using Postbell.Core;

namespace Postbell.Sip.Tracing;

/// <summary>The messages of one call as they are kept: the first eight, then the newest within the limits. Used under the lock of <see cref="CallTraces"/>.</summary>
internal sealed class CallTrace(CallTraceOptions options, TraceBuffers buffers)
{
    /// <summary>How the call began is never given up for how it goes on.</summary>
    private const int Head = 8;
    private const int MostNotes = 8;

    private Entry[] _entries = new Entry[16];
    private int _count;
    private int _bytes;
    private List<string>? _notes;

    public TraceId Id { get; set; }

    public string CallId { get; private set; } = "";

    public bool IsAnswered { get; set; }

    public bool HasEnded { get; set; }

    public string? Failure { get; set; }

    public int Total { get; private set; }

    public int Kept => _count;

    public DateTimeOffset BeganAt { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    /// <summary>Takes the object for another call.</summary>
    public void Begin(string callId, TraceId id, DateTimeOffset at)
    {
        CallId = callId;
        Id = id;
        BeganAt = LastAt = at;
        IsAnswered = HasEnded = false;
        Failure = null;
        Total = 0;
    }

    /// <summary>Gives its buffers back.</summary>
    public void Clear()
    {
        for (var i = 0; i < _count; i++)
        {
            buffers.Return(_entries[i].Buffer);
        }

        Array.Clear(_entries, 0, _count);
        _count = _bytes = 0;
        _notes = null;
    }

    /// <summary>Counts a message that came or went, kept or not.</summary>
    public void Count(DateTimeOffset at)
    {
        Total++;
        LastAt = at;
    }

    /// <summary>Keeps a message in a buffer that is the trace's from now on; how many others had to go for it.</summary>
    public int Add(in Entry entry)
    {
        if (_count == _entries.Length && _count < options.MaxMessagesPerCall)
        {
            Array.Resize(ref _entries, Math.Min(_count * 2, options.MaxMessagesPerCall));
        }

        var gone = 0;
        while (_count == _entries.Length || (_count > 1 && _bytes + entry.Buffer.Length > options.MaxBytesPerCall))
        {
            // The very first message stays whatever comes.
            Remove(Math.Min(Head, _count - 1));
            gone++;
        }

        _entries[_count++] = entry;
        _bytes += entry.Buffer.Length;
        return gone;
    }

    public void Note(string note)
    {
        _notes ??= [];
        if (_notes.Count < MostNotes)
        {
            _notes.Add(note);
        }
    }

    public CallTraceSnapshot Snapshot(bool withMessages) => new(
        Id, CallId, BeganAt, HasEnded, Failure, _notes is null ? [] : [.. _notes], Total,
        withMessages ? Array.ConvertAll(_entries[.._count], static entry => entry.ToMessage()) : []);

    private void Remove(int index)
    {
        var gone = _entries[index].Buffer;
        buffers.Return(gone);
        _bytes -= gone.Length;
        Array.Copy(_entries, index + 1, _entries, index, _count - index - 1);
        _entries[--_count] = default;
    }

    /// <summary>One message.</summary>
    public readonly record struct Entry(
        DateTimeOffset At, SipDirection Direction, SipTransport Transport, IPEndPoint Local, IPEndPoint Remote, byte[] Buffer, int Kept, int Length)
    {
        public TracedMessage ToMessage() => new(At, Direction, Transport, Local, Remote, Buffer.AsSpan(0, Kept).ToArray(), Length);
    }
}
