using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls of Linphone.</summary>
public sealed class LinphoneTests(SharedServer shared)
{
    private const string Called = "1001";

    [Theory]
    [InlineData("PCMA/8000/1", "udp", "none")]
    [InlineData("PCMU/8000/1", "tls", "srtp")]
    public async Task Linphone_leaves_a_message_that_sounds_as_it_was_spoken(string codec, string transport, string encryption)
    {
        var user = $"linphone-{codec.Split('/')[0]}-{transport}";
        var speech = await Speech.SentenceAsync(1);
        var wait = await Greeting.LengthAsync(shared, Called) + TimeSpan.FromMilliseconds(1200);
        await using var phone = await Linphone.StartAsync(
            new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[4000]]), codec, user, encryption);
        await CallAsync(phone, transport);
        await Task.Delay(wait + speech.Duration + TimeSpan.FromMilliseconds(400));
        await phone.CommandAsync("terminate");
        var mail = await MessageFromAsync(user);
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }

    [Theory]
    [InlineData(KeyForm.Events)]
    [InlineData(KeyForm.Info)]
    [InlineData(KeyForm.InBand)]
    public async Task Keys_of_Linphone_mark_the_message_in_the_menu(KeyForm form)
    {
        var user = $"linphone-keys-{form}";
        var speech = await Speech.SentenceAsync(1);
        await using var phone = await Linphone.StartAsync(new Pcm([.. new short[Pcm.Rate * 3], .. speech.Samples, .. new short[Pcm.Rate * 20]]), "PCMU/8000/1", user, keys: form);
        await CallAsync(phone, "udp");
        // Ends the greeting. The speech comes three seconds after the answer, and five seconds of silence end the recording.
        await phone.PressAsync('1');
        await Task.Delay(TimeSpan.FromSeconds(3) + speech.Duration + TimeSpan.FromSeconds(6));
        // Accept, mark urgent.
        await phone.PressAsync('1');
        await phone.PressAsync('1');
        await phone.CommandAsync("terminate");
        (await MessageFromAsync(user)).HighImportance.ShouldBeTrue();
    }

    private async Task CallAsync(Linphone phone, string transport)
    {
        var ready = await shared.ReadyAsync();
        await phone.CommandAsync($"call sip:{Called}@{(transport == "tls" ? ready.Sips : ready.Sip)};transport={transport}");
        await phone.WaitForAsync("connected");
    }

    private async Task<VoiceMail> MessageFromAsync(string user)
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        var mail = await Deadline.UntilAsync(
            async () =>
            {
                var uids = await mailbox.SearchAsync($"FROM \"{user}\" UNSEEN");
                return uids.Count == 0 ? null : await mailbox.FetchAsync(uids[^1]);
            },
            TimeSpan.FromSeconds(20),
            $"a message of {user}");
        await mailbox.SetSeenAsync(mail.Uid);
        return mail;
    }
}
