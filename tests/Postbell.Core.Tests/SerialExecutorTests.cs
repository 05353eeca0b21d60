namespace Postbell.Core.Tests;

public sealed class SerialExecutorTests
{
    [Fact]
    public async Task Items_run_one_at_a_time_in_order()
    {
        var executor = new SerialExecutor();
        var seen = new List<int>();
        var running = 0;
        var overlaps = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var n = i;
            executor.Post(() =>
            {
                if (Interlocked.Increment(ref running) != 1)
                {
                    overlaps++;
                }

                seen.Add(n);
                Interlocked.Decrement(ref running);
            });
        }

        await executor.RunAsync(() => Task.CompletedTask);
        overlaps.ShouldBe(0);
        seen.ShouldBe(Enumerable.Range(0, 10_000));
    }

    [Fact]
    public async Task Awaits_come_back_to_the_executor()
    {
        var executor = new SerialExecutor();
        var inside = new List<bool>();
        await executor.RunAsync(async () =>
        {
            inside.Add(executor.IsCurrent);
            await Task.Yield();
            inside.Add(executor.IsCurrent);
            await Task.Run(() => { });
            inside.Add(executor.IsCurrent);
        });
        inside.ShouldBe([true, true, true]);
    }

    [Fact]
    public async Task A_fault_is_reported_and_stops_nothing()
    {
        var faults = new List<string>();
        var executor = new SerialExecutor(fault => faults.Add(fault.Message));
        executor.Post(() => throw new InvalidOperationException("first"));
        var ran = false;
        executor.Post(() => ran = true);
        await executor.RunAsync(() => Task.CompletedTask);
        faults.ShouldBe(["first"]);
        ran.ShouldBeTrue();
    }

    [Fact]
    public async Task RunAsync_hands_on_the_exception() =>
        await Should.ThrowAsync<InvalidOperationException>(new SerialExecutor().RunAsync(() => throw new InvalidOperationException()));
}
