using System.Diagnostics;

namespace Postbell.Interop.Tests.Server;

/// <summary>Waits for a real condition, never for a time.</summary>
public static class Deadline
{
    /// <summary>Asks again and again until the answer is not null; fails with what was waited for.</summary>
    public static Task<T> UntilAsync<T>(Func<Task<T?>> ask, TimeSpan within, string what)
        where T : class => UntilAsync(ask, within, () => what);

    public static Task UntilAsync(Func<bool> holds, TimeSpan within, string what) => UntilAsync(holds, within, () => what);

    /// <summary>The same, where what was waited for is told with how things stand in the end.</summary>
    public static Task UntilAsync(Func<bool> holds, TimeSpan within, Func<string> what) =>
        UntilAsync<object>(() => Task.FromResult(holds() ? new object() : null), within, what);

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> ask, TimeSpan within, Func<string> what)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (watch.Elapsed > within)
            {
                throw new TimeoutException($"not within {within.TotalSeconds:0.#} s: {what()}");
            }

            await Task.Delay(25);
        }
    }
}
