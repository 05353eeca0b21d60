using System.Buffers;
using System.IO.Pipelines;
using Postbell.Core.Connections;

namespace Postbell.Smtp.Session;

/// <summary>Bytes from the client: waits for them, for the end of its patience, or for the stop of the server.</summary>
/// <remarks>
/// A read is never cancelled, only left behind: whatever ends the waiting but bytes ends the session. Only the connection's own loop reads;
/// <see cref="Stop"/> may come from any thread.
/// </remarks>
internal sealed class SmtpInput : IDisposable
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private PipeReader _pipe;
    private Task<ReadResult>? _leftBehind;
    private volatile bool _stopping;

    public SmtpInput(PipeReader pipe, TimeProvider time)
    {
        _pipe = pipe;
        _timer = time.CreateTimer(static state => ((SmtpInput)state!)._end.TrySetResult(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes another pipe: the one inside TLS.</summary>
    public void Replace(PipeReader pipe) => _pipe = pipe;

    /// <summary>The server is shutting down.</summary>
    public void Stop()
    {
        _stopping = true;
        _end.TrySetResult();
    }

    /// <summary>Ends a read that was left behind, so that the layers it runs through can be closed. Nothing can be read afterwards.</summary>
    /// <param name="transport">What lies below all layers.</param>
    public ValueTask EndAsync(PipeReader transport)
    {
        var pending = _leftBehind;
        _leftBehind = null;
        return PendingRead.EndAsync(pending, transport);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>True when the client has sent more already.</summary>
    public bool HasMore()
    {
        if (!_pipe.TryRead(out var read))
        {
            return false;
        }

        var more = !read.Buffer.IsEmpty;
        _pipe.AdvanceTo(read.Buffer.Start);
        return more;
    }

    /// <summary>Puts one line, without its CRLF, into <paramref name="line"/>. Of one that is too long the start is given.</summary>
    public async ValueTask<ReadOutcome> ReadLineAsync(ArrayBufferWriter<byte> line, int limit, TimeSpan patience, Func<ValueTask> beforeWaiting)
    {
        line.ResetWrittenCount();
        var tooLong = false;
        while (true)
        {
            var (outcome, read) = await ReadAsync(patience, beforeWaiting);
            if (outcome != ReadOutcome.Complete)
            {
                return outcome;
            }

            var end = read.Buffer.PositionOf((byte)'\n');
            var part = end is { } at ? read.Buffer.Slice(0, read.Buffer.GetPosition(1, at)) : read.Buffer;
            tooLong |= line.WrittenCount + part.Length > limit;
            foreach (var segment in part.Slice(0, Math.Min(part.Length, limit - line.WrittenCount)))
            {
                line.Write(segment.Span);
            }

            _pipe.AdvanceTo(part.End);
            if (end is not null)
            {
                return tooLong ? ReadOutcome.LineTooLong : line.WrittenSpan.EndsWith("\r\n"u8) ? ReadOutcome.Complete : ReadOutcome.BareLineEnd;
            }
        }
    }

    /// <summary>Gives what is there to <paramref name="take"/>, which says how much it took; waits when there is nothing.</summary>
    public async ValueTask<ReadOutcome> ReadPiecesAsync(Func<ReadOnlySequence<byte>, SequencePosition> take, TimeSpan patience, Func<ValueTask> beforeWaiting)
    {
        var (outcome, read) = await ReadAsync(patience, beforeWaiting);
        if (outcome == ReadOutcome.Complete)
        {
            _pipe.AdvanceTo(take(read.Buffer));
        }

        return outcome;
    }

    private async ValueTask<(ReadOutcome Outcome, ReadResult Read)> ReadAsync(TimeSpan patience, Func<ValueTask> beforeWaiting)
    {
        if (_stopping)
        {
            return (ReadOutcome.Stopping, default);
        }

        if (patience <= TimeSpan.Zero)
        {
            return (ReadOutcome.TimedOut, default);
        }

        var reading = _pipe.ReadAsync(CancellationToken.None);
        if (!reading.IsCompleted)
        {
            var pending = reading.AsTask();
            _leftBehind = pending;
            await beforeWaiting();
            _timer.Change(patience, Timeout.InfiniteTimeSpan);
            if (await Task.WhenAny(pending, _end.Task) != pending)
            {
                return (_stopping ? ReadOutcome.Stopping : ReadOutcome.TimedOut, default);
            }

            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _leftBehind = null;
            reading = new ValueTask<ReadResult>(pending);
        }

        var read = await reading;
        if (read.Buffer.IsEmpty && read.IsCompleted)
        {
            return (ReadOutcome.Closed, default);
        }

        return (ReadOutcome.Complete, read);
    }
}
