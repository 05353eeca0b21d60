using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A caller who presses hold in the middle of the message.</summary>
public sealed class BaresipHoldTests(SharedServer shared)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    private readonly BaresipCaller _baresip = new(shared);

    [Fact]
    public async Task What_baresip_said_before_and_after_hold_is_one_message()
    {
        const string User = "baresip-holds";
        var (first, second) = (await Speech.SentenceAsync(0), await Speech.SentenceAsync(1));
        var said = await _baresip.AfterTheGreetingAsync(new Pcm([.. first.Samples, .. new short[(int)(Pause.TotalSeconds * Pcm.Rate)], .. second.Samples]));
        await using var mailbox = await shared.OpenMailboxAsync(BaresipCaller.Called);
        await using var phone = await Baresip.StartAsync(said, new BaresipSetup(User));
        await phone.DialAsync(BaresipCaller.Called, (await shared.ReadyAsync()).Sip);
        await Task.Delay(await _baresip.WaitAsync() + first.Duration + TimeSpan.FromMilliseconds(400));
        await phone.CommandAsync("hold");
        await Task.Delay(Held);
        await phone.CommandAsync("resume");
        await Task.Delay(Pause - Held + second.Duration);
        await phone.HangUpAsync();

        var recorded = await AttachedAudio.ReadAsync((await mailbox.WaitForCallerAsync(User)).Message);
        var (before, after) = (Similarity.Of(first, recorded), Similarity.Of(second, recorded));
        before.ShouldBeTheSame();
        after.ShouldBeTheSame();
        // The time on hold is not in the message, or not more of it than a slow telephone needed.
        (after.Start - before.Start - first.Duration).ShouldBeLessThan(Pause - (Held / 2));
    }
}
