using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Somebody at a desk with baresip gives the caller, baresip too, to voice mail.</summary>
public sealed class BaresipTransferTests(SharedServer shared)
{
    private readonly BaresipCaller _baresip = new(shared);

    [Fact]
    public async Task A_caller_whom_baresip_transfers_leaves_the_message()
    {
        const string User = "baresip-sent-on";
        var speech = await Speech.SentenceAsync(0);
        await using var mailbox = await shared.OpenMailboxAsync(BaresipCaller.Called);
        // The microphone begins anew in each call.
        await using var caller = await Baresip.StartAsync(await _baresip.AfterTheGreetingAsync(speech), new BaresipSetup(User));
        await using var desk = await Baresip.StartAsync(new Pcm([]), new BaresipSetup("baresip-desk") { Answers = true });
        await caller.DialAsync("baresip-desk", desk.Address);
        await desk.CommandAsync("transfer", $"sip:{BaresipCaller.Called}@{(await shared.ReadyAsync()).Sip}");
        await caller.WaitForAsync("CALL_ESTABLISHED", times: 2);
        await Task.Delay(await _baresip.WaitAsync() + speech.Duration + TimeSpan.FromMilliseconds(500));
        await caller.HangUpAsync();
        Similarity.Of(speech, await AttachedAudio.ReadAsync((await mailbox.WaitForCallerAsync(User)).Message)).ShouldBeTheSame();
    }
}
