using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Somebody at a desk with Linphone gives the caller, Linphone too, to voice mail.</summary>
public sealed class LinphoneTransferTests(SharedServer shared)
{
    private const string Codec = "PCMU/8000/1";

    private readonly LinphoneCaller _linphone = new(shared);

    [Fact]
    public async Task A_caller_whom_Linphone_transfers_leaves_the_message()
    {
        const string User = "linphone-sent-on";
        var speech = await Speech.SentenceAsync(1);
        await using var caller = await Linphone.StartAsync(await AfterTheGreetingAsync(speech), Codec, User);
        await using var desk = await Linphone.StartAsync(new Pcm(new short[Pcm.Rate * 60]), Codec, "linphone-desk-1", answers: true);
        await caller.CommandAsync($"call sip:desk@{desk.Address}");
        await desk.WaitForAsync("for call 1 (audio)");
        await desk.CommandAsync($"transfer sip:{LinphoneCaller.Called}@{(await shared.ReadyAsync()).Sip}");
        await SpokenAsync(caller, speech);
        Similarity.Of(speech, await AttachedAudio.ReadAsync((await _linphone.MessageFromAsync(User)).Message)).ShouldBeTheSame();
    }

    private async Task<Pcm> AfterTheGreetingAsync(Pcm speech) => new(
        [.. new short[(int)((await WaitAsync()).TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[Pcm.Rate * 20]]);

    private Task<TimeSpan> WaitAsync() => Greeting.WaitAsync(shared, LinphoneCaller.Called);

    /// <summary>The second call of the caller is the one with voice mail.</summary>
    private async Task SpokenAsync(Linphone caller, Pcm speech)
    {
        await caller.WaitForAsync("for call 2 (audio)");
        await Task.Delay(await WaitAsync() + speech.Duration + TimeSpan.FromSeconds(1));
        await caller.CommandAsync("terminate 2");
    }
}
