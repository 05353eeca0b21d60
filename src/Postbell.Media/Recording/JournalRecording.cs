using System.Runtime.InteropServices;
using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>
/// One running recording of a <see cref="RecordingJournal"/>. Appending belongs to one engine thread at a time; the other members may
/// be called from any thread, <see cref="RestartAsync"/> and <see cref="ReadAsync"/> best while no audio comes in.
/// </summary>
public sealed class JournalRecording : IRecordingSink
{
    private const int Idle = 0;
    private const int Appending = 1;
    private const int Closed = 2;

    private readonly RecordingJournal _journal;
    private readonly AudioChunkPool _pool;
    private int _gate;
    private bool _broken;
    private int _generation;
    private ushort _tailGeneration;
    private uint _position;
    private long _lostBytes;
    private AudioChunk? _tail;
    private volatile AudioChunk? _first;
    private AudioChunk? _reading;

    internal JournalRecording(RecordingJournal journal, AudioChunkPool pool, TraceId id)
    {
        _journal = journal;
        _pool = pool;
        Id = id;
    }

    /// <summary>The id given at the start.</summary>
    public TraceId Id { get; }

    /// <summary>Length of the audio so far (since the last restart).</summary>
    public TimeSpan Duration => RecordedFormatFacts.Time(Volatile.Read(ref _position));

    /// <summary>Audio bytes that found no buffer because the disk was too slow; the recording has silence in their place.</summary>
    public long LostBytes => Volatile.Read(ref _lostBytes);

    /// <summary>The disk was full while it ran: part of it may be missing, so it can no longer be completed, only recovered at the next start.</summary>
    internal bool IsBroken => Volatile.Read(ref _broken);

    internal ushort Generation => (ushort)Volatile.Read(ref _generation);

    internal uint AudioTicks => _tailGeneration == Generation ? Volatile.Read(ref _position) : 0;

    /// <summary>
    /// Adds audio. Never blocks and, once the buffers of the journal have grown to the load, never allocates. After the end of the recording
    /// it does nothing.
    /// </summary>
    public void Append(ReadOnlySpan<byte> g711, G711Law law) => Append(g711, law.ToFormat());

    /// <summary>As for G.711.</summary>
    public void Append(ReadOnlySpan<short> wide) => Append(MemoryMarshal.AsBytes(wide[..(wide.Length & ~1)]), RecordedFormat.Wide);

    private void Append(ReadOnlySpan<byte> audio, RecordedFormat format)
    {
        if (Interlocked.CompareExchange(ref _gate, Appending, Idle) != Idle)
        {
            return;
        }

        try
        {
            Add(audio, format);
        }
        finally
        {
            Volatile.Write(ref _gate, Idle);
        }
    }

    /// <summary>Erases what was recorded so far; recording goes on from zero.</summary>
    /// <exception cref="JournalRefusedException">The disk failed.</exception>
    public Task RestartAsync()
    {
        ThrowIfBroken();
        ThrowIfClosed();
        var generation = (ushort)Interlocked.Increment(ref _generation);
        Volatile.Write(ref _position, 0);
        return _journal.SubmitAsync(new JournalCommand(CommandKind.Restart, Id, this) { Generation = generation });
    }

    /// <summary>Reads back what was recorded so far.</summary>
    public ValueTask<RecordedAudio> ReadAsync() => _journal.ReadAsync(Id, CancellationToken.None);

    /// <summary>
    /// Ends the recording. When the task has ended well, audio and envelope are on the disk for good. A cancelled wait leaves it open whether
    /// they are.
    /// </summary>
    /// <exception cref="JournalRefusedException">The disk failed; nothing may be promised to the caller.</exception>
    public Task CompleteAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellation)
    {
        RecordingJournal.CheckEnvelope(envelope);
        ThrowIfBroken();
        ThrowIfClosed();
        Close();
        return _journal.SubmitAsync(new JournalCommand(CommandKind.Complete, Id, this) { Envelope = envelope.ToArray() }).WaitAsync(cancellation);
    }

    /// <summary>Ends the recording and forgets it.</summary>
    public void Discard()
    {
        if (Volatile.Read(ref _gate) != Closed || IsBroken)
        {
            Close();
            _journal.Submit(new JournalCommand(CommandKind.Discard, Id, this));
        }
    }

    /// <summary>Hands every published byte that was not seen before to <paramref name="take"/>, in order. Writer thread only.</summary>
    internal void Drain(Action<JournalRecording, AudioChunk> take)
    {
        var chunk = _reading ?? _first;
        while (chunk is not null)
        {
            // Read first: once it is set, the length is final.
            var next = chunk.Next;
            if (chunk.Length > chunk.Consumed)
            {
                take(this, chunk);
            }

            if (next is null)
            {
                break;
            }

            _pool.Return(chunk);
            chunk = next;
        }

        _reading = chunk;
    }

    /// <summary>Gives the last buffer back. Writer thread only, after the recording is closed and drained.</summary>
    internal void Release()
    {
        if (_reading is { } last)
        {
            _pool.Return(last);
        }

        _reading = null;
        _first = null;
        _tail = null;
    }

    /// <summary>Ends it without completing it. Writer thread only.</summary>
    internal void Break()
    {
        Volatile.Write(ref _broken, true);
        Close();
        _journal.Forget(Id);
    }

    /// <summary>No audio comes in any more: waits out at most one copy of a frame by the engine thread.</summary>
    internal void Close()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _gate, Closed, Idle) == Appending)
        {
            spin.SpinOnce();
        }
    }

    private void Add(ReadOnlySpan<byte> audio, RecordedFormat format)
    {
        var generation = Generation;
        if (generation != _tailGeneration)
        {
            _tailGeneration = generation;
            Volatile.Write(ref _position, 0);
        }

        while (!audio.IsEmpty)
        {
            var chunk = _tail;
            if (chunk is null || chunk.Free == 0 || chunk.Format != format || chunk.Generation != generation || chunk.End != _position)
            {
                chunk = Extend(format, generation);
            }

            if (chunk is null)
            {
                Volatile.Write(ref _lostBytes, _lostBytes + audio.Length);
                _journal.CountLost(audio.Length);
                Volatile.Write(ref _position, _position + (uint)(audio.Length >> format.TickShift()));
                return;
            }

            var part = audio[..Math.Min(chunk.Free, audio.Length)];
            chunk.Add(part);
            Volatile.Write(ref _position, _position + (uint)(part.Length >> format.TickShift()));
            audio = audio[part.Length..];
        }
    }

    private AudioChunk? Extend(RecordedFormat format, ushort generation)
    {
        var chunk = _pool.TryRent(format, generation, _position);
        if (chunk is null)
        {
            return null;
        }

        if (_tail is { } tail)
        {
            tail.Next = chunk;
        }
        else
        {
            _first = chunk;
        }

        _tail = chunk;
        return chunk;
    }

    private void ThrowIfBroken()
    {
        if (IsBroken)
        {
            throw new JournalRefusedException(JournalRefusal.DiskFull, "The disk was full during the recording.", null);
        }
    }

    private void ThrowIfClosed()
    {
        if (Volatile.Read(ref _gate) == Closed)
        {
            throw new InvalidOperationException("The recording has ended.");
        }
    }
}
