using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests.Crashes;

/// <summary>
/// kill -9 in the middle of many calls. The promise (docs/architecture.md): who heard "sent" has sent, whole; who hung up, or was still speaking, loses
/// at most what was not yet written, and gets one message, marked when it was cut off.
/// </summary>
public sealed class CrashTests
{
    private const int CallsInARound = 20;
    private static readonly string[] Numbers = ["1001", "1002", "1003", "1004", "1005"];

    /// <summary>Flushed about every second; a second of grace for the flush itself on a busy disk, one for whole seconds in the header.</summary>
    private static readonly TimeSpan MostLost = TimeSpan.FromSeconds(3);

    /// <summary>Less speech than this may count as none.</summary>
    private static readonly TimeSpan SureToCount = TimeSpan.FromSeconds(4.5);

    [Fact]
    public Task Killed_in_the_middle_of_many_calls_nothing_promised_is_lost_and_nothing_comes_twice() => KillAsync(rounds: 4);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Killed_again_and_again_nothing_promised_is_lost_and_nothing_comes_twice() => KillAsync(rounds: 60);

    private static async Task KillAsync(int rounds)
    {
        await using var server = await PostbellServer.StartAsync();
        var all = new List<CrashCall>();
        for (var round = 0; round < rounds; round++)
        {
            var calls = await CallUntilKilledAsync(server, round);
            all.AddRange(calls);
            await server.LaunchAgainAsync();
            foreach (var call in calls)
            {
                await CheckAsync(server, call);
            }
        }

        all.Count(c => c.HeardSent).ShouldBeGreaterThan(0, Describe(all));
        all.Count(c => c.ByeAnswered).ShouldBeGreaterThan(0, Describe(all));
        all.Count(c => c is { HeardSent: false, ByeAnswered: false } && c.Spoken > SureToCount).ShouldBeGreaterThan(0, Describe(all));
        await NothingTwiceAsync(server, all);
    }

    private static async Task<List<CrashCall>> CallUntilKilledAsync(PostbellServer server, int round)
    {
        await using var phone = new TestPhone(server.Ready.Sip);
        using var died = new CancellationTokenSource();
        var calls = new List<CrashCall>();
        var running = new List<Task>();
        var kill = Task.Delay(TimeSpan.FromSeconds(9 + (Random.Shared.NextDouble() * 5)));
        for (var i = 0; i < CallsInARound; i++)
        {
            var length = TimeSpan.FromSeconds(2.5 + (Random.Shared.NextDouble() * 2.5));
            var call = new CrashCall(phone, Numbers[i % Numbers.Length], (CallerHabit)((i + round) % 3), i % 3, length);
            calls.Add(call);
            running.Add(call.RunAsync(died.Token));
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, 350)));
        }

        await kill;
        await server.KillAsync();
        await died.CancelAsync();
        await Task.WhenAll(running);
        return calls;
    }

    private static async Task CheckAsync(PostbellServer server, CrashCall call)
    {
        if (call.CallId is null)
        {
            return;
        }

        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(call.Number));
        var sure = call.HeardSent || call.ByeAnswered || call.Spoken > SureToCount;
        var mail = sure ? await mailbox.WaitForCallAsync(call.CallId, TimeSpan.FromSeconds(30)) : await mailbox.FindCallAsync(call.CallId);
        if (!sure)
        {
            return;
        }

        mail!.IsVoice.ShouldBeTrue($"{call}: the message has no audio");
        var kept = (await AttachedAudio.ReadAsync(mail.Message)).Duration;
        kept.ShouldBeGreaterThan(call.Spoken - MostLost, call.ToString());
        if (call.HeardSent)
        {
            mail.Interrupted.ShouldBeFalse(call.ToString());
            kept.ShouldBeGreaterThan(call.Spoken - TimeSpan.FromSeconds(0.5), call.ToString());
        }
        else if (call.Habit == CallerHabit.GoesOnSpeaking)
        {
            mail.Interrupted.ShouldBeTrue(call.ToString());
        }
    }

    private static async Task NothingTwiceAsync(PostbellServer server, List<CrashCall> calls)
    {
        foreach (var group in calls.Where(c => c.CallId is not null).GroupBy(c => c.Number))
        {
            await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(group.Key));
            foreach (var call in group)
            {
                (await mailbox.FindAllAsync(call.CallId!)).Count.ShouldBeLessThan(2, call.ToString());
            }
        }
    }

    private static string Describe(IEnumerable<CrashCall> calls) => string.Join('\n', calls);
}
