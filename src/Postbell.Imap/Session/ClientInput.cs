using System.Buffers;
using System.IO.Pipelines;
using Postbell.Core.Connections;

namespace Postbell.Imap.Session;

/// <summary>
/// Bytes from the client: lines and counted runs. It waits for three things at once: bytes, the silence limit, and being woken.
/// </summary>
/// <remarks>
/// A read of the pipe is never cancelled, only left pending and picked up by the next call: below TLS a cancelled read could lose bytes.
/// Only the connection's own loop reads; <see cref="Wake"/> and <see cref="Stop"/> may come from any thread.
/// </remarks>
internal sealed class ClientInput : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private PipeReader _pipe;
    private Task<ReadResult>? _pending;
    private TaskCompletionSource _signal = NewSignal();
    private bool _woken;
    private bool _timedOut;
    private bool _stopping;

    public ClientInput(PipeReader pipe, TimeProvider time)
    {
        _pipe = pipe;
        _timer = time.CreateTimer(static state => ((ClientInput)state!).OnSilence(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes another pipe: the one inside TLS.</summary>
    public void Replace(PipeReader pipe) => _pipe = pipe;

    /// <summary>The pipe read from now; no read of it may be pending when it is handed on.</summary>
    public PipeReader Pipe => _pipe;

    /// <summary>Something happened in the mailbox.</summary>
    public void Wake() => Signal(ref _woken);

    /// <summary>The server is shutting down.</summary>
    public void Stop() => Signal(ref _stopping);

    public void Dispose() => _timer.Dispose();

    /// <summary>
    /// Ends the read that was left pending, so that nobody works on the layers of the connection (TLS, compression) any more when they are closed. Nothing can
    /// be read afterwards.
    /// </summary>
    /// <param name="transport">What lies below all layers.</param>
    public async ValueTask EndAsync(PipeReader transport)
    {
        var pending = _pending;
        _pending = null;
        await PendingRead.EndAsync(pending, transport);
    }

    /// <summary>Throws away what has come but was not read: what stands behind STARTTLS in the clear is no command (RFC 3501 section 6.2.1).</summary>
    public void DropBuffered()
    {
        if (_pending is null && _pipe.TryRead(out var read))
        {
            _pipe.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>
    /// Appends one line, without its line end, to <paramref name="line"/>.
    /// </summary>
    /// <param name="line">Where it goes, behind what is in it already.</param>
    /// <param name="limit">Most bytes of the line. A longer one is read to its end, and what is beyond dropped.</param>
    /// <param name="silence">How long the client may take.</param>
    /// <param name="wakeable">True to come back when <see cref="Wake"/> was called.</param>
    public async ValueTask<ReadOutcome> ReadLineAsync(ArrayBufferWriter<byte> line, int limit, TimeSpan silence, bool wakeable = false)
    {
        var taken = 0;
        var tooLong = false;
        while (true)
        {
            var outcome = await WaitAsync(silence, wakeable && taken == 0);
            if (outcome != ReadOutcome.Complete)
            {
                return outcome;
            }

            var read = await TakePending();
            var end = read.Buffer.PositionOf((byte)'\n');
            var part = end is { } at ? read.Buffer.Slice(0, at) : read.Buffer;
            tooLong |= taken + part.Length > limit + 1;
            var kept = part.Slice(0, Math.Min(part.Length, limit + 1 - taken));
            foreach (var segment in kept)
            {
                line.Write(segment.Span);
            }

            taken += (int)kept.Length;

            _pipe.AdvanceTo(end is { } feed ? read.Buffer.GetPosition(1, feed) : read.Buffer.End);
            if (end is not null)
            {
                return tooLong ? ReadOutcome.LineTooLong : ReadOutcome.Complete;
            }

            if (read.IsCompleted)
            {
                return ReadOutcome.Closed;
            }
        }
    }

    /// <summary>Gives exactly <paramref name="length"/> bytes to <paramref name="sink"/> (null drops them) as they come.</summary>
    public async ValueTask<ReadOutcome> ReadBytesAsync(long length, IBufferWriter<byte>? sink, TimeSpan silence)
    {
        while (length > 0)
        {
            var outcome = await WaitAsync(silence, wakeable: false);
            if (outcome != ReadOutcome.Complete)
            {
                return outcome;
            }

            var read = await TakePending();
            var part = read.Buffer.Length > length ? read.Buffer.Slice(0, length) : read.Buffer;
            foreach (var segment in part)
            {
                sink?.Write(segment.Span);
            }

            length -= part.Length;
            _pipe.AdvanceTo(part.End);
            if (length > 0 && read.IsCompleted)
            {
                return ReadOutcome.Closed;
            }
        }

        return ReadOutcome.Complete;
    }

    private async ValueTask<ReadOutcome> WaitAsync(TimeSpan silence, bool wakeable)
    {
        if (_pending is null)
        {
            var read = _pipe.ReadAsync(CancellationToken.None);
            _pending = read.AsTask();
        }

        if (_pending.IsCompleted)
        {
            return Interrupted(wakeable: false) is ReadOutcome.Stopping ? ReadOutcome.Stopping : ReadOutcome.Complete;
        }

        Arm(silence);
        while (true)
        {
            var interrupted = Interrupted(wakeable);
            if (interrupted != ReadOutcome.Complete)
            {
                return interrupted;
            }

            var signal = _signal.Task;
            if (await Task.WhenAny(_pending, signal) == _pending)
            {
                return ReadOutcome.Complete;
            }

            Renew();
        }
    }

    private async ValueTask<ReadResult> TakePending()
    {
        var pending = _pending!;
        _pending = null;
        return await pending;
    }

    private ReadOutcome Interrupted(bool wakeable)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return ReadOutcome.Stopping;
            }

            if (_timedOut)
            {
                return ReadOutcome.TimedOut;
            }

            if (wakeable && _woken)
            {
                _woken = false;
                return ReadOutcome.Woken;
            }

            return ReadOutcome.Complete;
        }
    }

    private void Arm(TimeSpan silence)
    {
        lock (_gate)
        {
            _timedOut = false;
        }

        _timer.Change(silence, Timeout.InfiniteTimeSpan);
    }

    private void OnSilence() => Signal(ref _timedOut);

    private void Signal(ref bool reason)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            reason = true;
            signal = _signal;
        }

        signal.TrySetResult();
    }

    private void Renew()
    {
        lock (_gate)
        {
            if (_signal.Task.IsCompleted)
            {
                _signal = NewSignal();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
