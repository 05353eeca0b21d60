using System.Collections.Concurrent;

namespace Postbell.Core;

/// <summary>
/// A few threads of their own for serial executors whose work must not stand in line behind long work of others, as it does on the thread pool: a call
/// that begins is not kept waiting by a message that is being composed. The operating system shares the processors between them and the pool.
/// </summary>
/// <remarks>
/// Invariants: work items are taken in the order they came; a thread without work sleeps. After <see cref="Dispose"/> the thread pool does what still
/// comes, so that nothing posted is ever lost.
/// </remarks>
public sealed class ExecutorThreads : IDisposable
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _queue = new();
    private readonly object _bell = new();
    private readonly Thread[] _threads;
    private int _sleeping;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many, 1 to 64.</param>
    /// <param name="name">What they are called in the process's list.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public ExecutorThreads(int count, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 64);
        _threads = [.. Enumerable.Range(0, count).Select(i => new Thread(Run) { IsBackground = true, Name = $"{name} {i}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Queues a work item; what a <see cref="SerialExecutor"/> is given as its schedule.</summary>
    public void Schedule(IThreadPoolWorkItem item)
    {
        if (_disposed)
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
            return;
        }

        _queue.Enqueue(item);
        // Either this sees who sleeps, or who is about to sleep sees the item.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) > 0)
        {
            lock (_bell)
            {
                Monitor.Pulse(_bell);
            }
        }
    }

    /// <summary>Ends the threads once they have done what was queued.</summary>
    public void Dispose()
    {
        lock (_bell)
        {
            _disposed = true;
            Monitor.PulseAll(_bell);
        }

        foreach (var thread in _threads.Where(static thread => thread != Thread.CurrentThread))
        {
            thread.Join();
        }

        Drain();
    }

    private void Run()
    {
        do
        {
            Drain();
            Sleep();
        }
        while (!_disposed);
    }

    private void Sleep()
    {
        lock (_bell)
        {
            Interlocked.Increment(ref _sleeping);
            while (_queue.IsEmpty && !_disposed)
            {
                Monitor.Wait(_bell);
            }

            Interlocked.Decrement(ref _sleeping);
        }
    }

    private void Drain()
    {
        while (_queue.TryDequeue(out var item))
        {
            item.Execute();
        }
    }
}
