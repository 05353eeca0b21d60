using System.Collections.Concurrent;

namespace Postbell.Core;

/// <summary>
/// Runs posted work one item at a time, in the order posted, on the thread pool: an actor's mailbox.
/// As a <see cref="SynchronizationContext"/> it also brings <c>await</c> continuations of code it runs back into the same order,
/// so a call flow is one async method without locks.
/// </summary>
/// <remarks>
/// Invariants: at most one thread executes items of one executor; an item that throws is reported to the fault handler and never stops
/// the items after it; no thread is held while the queue is empty.
/// </remarks>
public sealed class SerialExecutor : SynchronizationContext, IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly Action<Exception>? _onFault;
    private readonly Action<IThreadPoolWorkItem> _schedule;
    private int _scheduled;

    /// <summary>Creates an idle executor.</summary>
    /// <param name="onFault">Receives what a posted item threw; null drops it after the item.</param>
    /// <param name="schedule">Where the executor queues itself when it has work; null is the thread pool. Tests give their own pump.</param>
    public SerialExecutor(Action<Exception>? onFault = null, Action<IThreadPoolWorkItem>? schedule = null)
    {
        _onFault = onFault;
        _schedule = schedule ?? (static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false));
    }

    /// <summary>True when the calling code runs on this executor.</summary>
    public bool IsCurrent => ReferenceEquals(Current, this);

    /// <inheritdoc />
    public override void Post(SendOrPostCallback d, object? state)
    {
        _queue.Enqueue((d, state));
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
        {
            _schedule(this);
        }
    }

    /// <summary>Queues one item.</summary>
    public void Post(Action action) => Post(static state => ((Action)state!)(), action);

    /// <summary>Starts an async method on this executor; the task ends as the method does, with its result or exception.</summary>
    public Task RunAsync(Func<Task> method)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => _ = CompleteAsync(method, done));
        return done.Task;
    }

    /// <summary>Not supported: a synchronous wait on an actor is a deadlock.</summary>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A serial executor takes posted work only.");

    /// <inheritdoc />
    public override SynchronizationContext CreateCopy() => this;

    void IThreadPoolWorkItem.Execute()
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            do
            {
                Drain();
                Volatile.Write(ref _scheduled, 0);
                Thread.MemoryBarrier();
            }
            while (!_queue.IsEmpty && Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0);
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    private void Drain()
    {
        while (_queue.TryDequeue(out var item))
        {
            try
            {
                item.Callback(item.State);
            }
            catch (Exception fault)
            {
                _onFault?.Invoke(fault);
            }
        }
    }

    private static async Task CompleteAsync(Func<Task> method, TaskCompletionSource done)
    {
        try
        {
            await method();
            done.SetResult();
        }
        catch (OperationCanceledException cancelled)
        {
            done.SetCanceled(cancelled.CancellationToken);
        }
        catch (Exception fault)
        {
            done.SetException(fault);
        }
    }
}
