using System.Collections.Concurrent;
using System.Diagnostics;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests.Phone;

/// <summary>What a caller hears from the answer to the end of the beep: listened to once for each number.</summary>
/// <param name="Length">How long that takes.</param>
/// <param name="Sound">How it sounds in PCMU.</param>
public sealed record Greeting(TimeSpan Length, Pcm Sound)
{
    private static readonly ConcurrentDictionary<(SharedServer, string), Lazy<Task<Greeting>>> Known = new();

    public static Task<Greeting> OfAsync(SharedServer shared, string number) =>
        Known.GetOrAdd((shared, number), _ => new Lazy<Task<Greeting>>(() => ListenAsync(shared, number))).Value;

    /// <summary>
    /// When a telephone that cannot hear the beep begins to speak: in the middle of the five seconds after it that are no end of the message, so that neither
    /// a slow greeting nor a slow telephone matters.
    /// </summary>
    public static async Task<TimeSpan> WaitAsync(SharedServer shared, string number) => (await OfAsync(shared, number)).Length + TimeSpan.FromSeconds(2.5);

    /// <summary>The second of two: the first call to a person waits for the voice and for the compiler.</summary>
    private static async Task<Greeting> ListenAsync(SharedServer shared, string number)
    {
        await ListenOnceAsync(shared, number);
        return await ListenOnceAsync(shared, number);
    }

    private static async Task<Greeting> ListenOnceAsync(SharedServer shared, string number)
    {
        await using var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        await using var call = await phone.CallAsync(number);
        var answered = Stopwatch.GetTimestamp();
        await call.HearBeepAsync();
        var greeting = new Greeting(Stopwatch.GetElapsedTime(answered), call.Voice.Heard);
        await call.HangUpAsync();
        return greeting;
    }
}
