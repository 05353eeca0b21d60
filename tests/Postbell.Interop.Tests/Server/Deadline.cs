using System.Diagnostics;

namespace Postbell.Interop.Tests.Server;

/// <summary>Waits for a real condition, never for a time.</summary>
public static class Deadline
{
    /// <summary>Asks again and again until the answer is not null; fails with what was waited for.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> ask, TimeSpan within, string what)
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
                throw new TimeoutException($"not within {within.TotalSeconds:0.#} s: {what}");
            }

            await Task.Delay(25);
        }
    }

    public static Task UntilAsync(Func<bool> holds, TimeSpan within, string what) =>
        UntilAsync<object>(() => Task.FromResult(holds() ? new object() : null), within, what);
}
