using System.Collections.Concurrent;
using System.Diagnostics;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests.Phone;

/// <summary>How long a caller waits from the answer to the end of the beep: listened to once for each number.</summary>
public static class Greeting
{
    private static readonly ConcurrentDictionary<(SharedServer, string), Lazy<Task<TimeSpan>>> Known = new();

    public static Task<TimeSpan> LengthAsync(SharedServer shared, string number) =>
        Known.GetOrAdd((shared, number), _ => new Lazy<Task<TimeSpan>>(() => ListenAsync(shared, number))).Value;

    /// <summary>The shorter of two: the first call to a person waits for the voice and for the compiler, and who waits too long is asked whether he is there.</summary>
    private static async Task<TimeSpan> ListenAsync(SharedServer shared, string number)
    {
        var first = await ListenOnceAsync(shared, number);
        var second = await ListenOnceAsync(shared, number);
        return first < second ? first : second;
    }

    private static async Task<TimeSpan> ListenOnceAsync(SharedServer shared, string number)
    {
        await using var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        await using var call = await phone.CallAsync(number);
        var answered = Stopwatch.GetTimestamp();
        await call.HearBeepAsync();
        var length = Stopwatch.GetElapsedTime(answered);
        await call.HangUpAsync();
        return length;
    }
}
