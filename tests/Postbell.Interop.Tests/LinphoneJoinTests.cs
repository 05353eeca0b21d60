using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>
/// Somebody at a desk asks voice mail first and then joins the caller to that call: REFER with Replaces to the caller, whose INVITE with Replaces (RFC 3891)
/// takes the place of the desk's. Linphone refers to a number of its proxy, so all of it goes through Kamailio.
/// </summary>
public sealed class LinphoneJoinTests(SharedServer shared)
{
    private const string Codec = "PCMU/8000/1";

    [Fact]
    public async Task A_caller_whom_Linphone_joins_to_its_own_call_takes_it_over_and_leaves_the_message()
    {
        await using var proxy = Kamailio.Prepare();
        await using var server = await PostbellServer.PrepareAsync();
        await server.LaunchWithAsync($"  listen: [\"{server.Ready.Sip}\"]", KamailioTests.Organization(proxy, "udp"));
        await proxy.StartAsync(server.Ready.Sip, "udp");

        var speech = await Speech.SentenceAsync(2);
        // The greeting began with the call of the desk, a moment before the caller comes.
        var wait = (await Greeting.OfAsync(shared, LinphoneCaller.Called)).Length;
        var said = new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[Pcm.Rate * 20]]);
        await using var caller = await Linphone.StartAsync(said, Codec, "joined", proxy: proxy.Sip);
        await using var desk = await Linphone.StartAsync(new Pcm(new short[Pcm.Rate * 60]), Codec, "desk", answers: true, proxy: proxy.Sip);
        await caller.CommandAsync($"call sip:desk@{proxy.Sip.Address}");
        await desk.WaitForAsync("for call 1 (audio)");
        await desk.CommandAsync("pause");
        await desk.WaitForAsync("is now paused");
        await desk.CommandAsync($"call sip:*9{LinphoneCaller.Called}@{proxy.Sip.Address}");
        await desk.WaitForAsync("for call 2 (audio)");
        await desk.CommandAsync("transfer 1 --to-call 2");
        await caller.WaitForAsync("for call 2 (audio)");
        await Task.Delay(wait + speech.Duration + TimeSpan.FromSeconds(1));
        await caller.CommandAsync("terminate 2");

        // The message is of the call that was answered first.
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(LinphoneCaller.Called));
        var mail = await mailbox.WaitForCallerAsync("desk");
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }
}
