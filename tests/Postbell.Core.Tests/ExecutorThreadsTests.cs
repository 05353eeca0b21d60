using System.Collections.Concurrent;

namespace Postbell.Core.Tests;

public sealed class ExecutorThreadsTests
{
    [Fact]
    public async Task Work_of_many_executors_is_done_on_its_threads_and_in_order()
    {
        using var threads = new ExecutorThreads(2, "test work");
        var names = new ConcurrentDictionary<string, bool>();
        var executors = Enumerable.Range(0, 50).Select(_ => (Executor: new SerialExecutor(schedule: threads.Schedule), Seen: new List<int>())).ToArray();
        for (var i = 0; i < 200; i++)
        {
            foreach (var (executor, seen) in executors)
            {
                var n = i;
                executor.Post(() =>
                {
                    names.TryAdd(Thread.CurrentThread.Name ?? "", true);
                    seen.Add(n);
                });
            }
        }

        await Task.WhenAll(executors.Select(e => e.Executor.RunAsync(static () => Task.CompletedTask)));
        executors.ShouldAllBe(e => e.Seen.SequenceEqual(Enumerable.Range(0, 200)));
        names.Keys.ShouldAllBe(name => name.StartsWith("test work"));
    }

    [Fact]
    public async Task A_busy_thread_pool_does_not_hold_it_up()
    {
        using var threads = new ExecutorThreads(1, "test work");
        using var release = new ManualResetEventSlim();
        var pool = Enumerable.Range(0, 64).Select(_ => Task.Run(release.Wait)).ToArray();
        var ran = new ManualResetEventSlim();
        new SerialExecutor(schedule: threads.Schedule).Post(ran.Set);
        ran.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        release.Set();
        await Task.WhenAll(pool);
    }

    [Fact]
    public async Task Each_of_many_single_items_wakes_a_sleeping_thread()
    {
        using var threads = new ExecutorThreads(2, "test work");
        var executor = new SerialExecutor(schedule: threads.Schedule);
        for (var i = 0; i < 20_000; i++)
        {
            await executor.RunAsync(static () => Task.CompletedTask).WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task What_comes_after_its_end_is_still_done()
    {
        var threads = new ExecutorThreads(2, "test work");
        var executor = new SerialExecutor(schedule: threads.Schedule);
        await executor.RunAsync(static () => Task.CompletedTask);
        threads.Dispose();
        await executor.RunAsync(static () => Task.CompletedTask).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void It_can_be_ended_by_its_own_work()
    {
        var threads = new ExecutorThreads(1, "test work");
        using var done = new ManualResetEventSlim();
        new SerialExecutor(schedule: threads.Schedule).Post(() =>
        {
            threads.Dispose();
            done.Set();
        });
        done.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }
}
