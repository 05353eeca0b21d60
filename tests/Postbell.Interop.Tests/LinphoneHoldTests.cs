using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Linphone pauses the call in the middle of the message.</summary>
public sealed class LinphoneHoldTests(SharedServer shared)
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    private readonly LinphoneCaller _linphone = new(shared);

    [Fact]
    public async Task What_Linphone_said_before_and_after_a_pause_is_one_message()
    {
        const string User = "linphone-holds";
        var (first, second) = (await Speech.SentenceAsync(0), await Speech.SentenceAsync(1));
        var wait = await Greeting.WaitAsync(shared, LinphoneCaller.Called);
        await using var phone = await Linphone.StartAsync(new Pcm([.. Silence(wait), .. first.Samples, .. Silence(TimeSpan.FromSeconds(20))]), "PCMU/8000/1", User);
        await _linphone.CallAsync(phone, "udp");
        await Task.Delay(wait + first.Duration + TimeSpan.FromMilliseconds(400));
        await phone.CommandAsync("pause");
        await phone.WaitForAsync("is now paused");
        // Its microphone begins anew when the call goes on.
        await phone.SayAsync(new Pcm([.. Silence(TimeSpan.FromSeconds(1)), .. second.Samples, .. Silence(TimeSpan.FromSeconds(20))]));
        await Task.Delay(Held);
        await phone.CommandAsync("resume");
        await Task.Delay(second.Duration + TimeSpan.FromSeconds(2));
        await phone.CommandAsync("terminate");

        var recorded = await AttachedAudio.ReadAsync((await _linphone.MessageFromAsync(User)).Message);
        var (before, after) = (Similarity.Of(first, recorded), Similarity.Of(second, recorded));
        before.ShouldBeTheSame();
        after.ShouldBeTheSame();
        // Neither the time on hold nor what Linphone plays to those who wait is in the message.
        (after.Start - before.Start - first.Duration).ShouldBe(TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(1));
    }

    private static short[] Silence(TimeSpan length) => new short[(int)(length.TotalSeconds * Pcm.Rate)];
}
