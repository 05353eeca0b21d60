using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Keys of Linphone, in each form it can send them.</summary>
public sealed class LinphoneKeysTests(SharedServer shared)
{
    private readonly LinphoneCaller _linphone = new(shared);

    [Theory]
    [InlineData(KeyForm.Events)]
    [InlineData(KeyForm.Info)]
    [InlineData(KeyForm.InBand)]
    public async Task Keys_of_Linphone_mark_the_message_in_the_menu(KeyForm form)
    {
        var user = $"linphone-keys-{form}";
        var speech = await Speech.SentenceAsync(1);
        await using var phone = await Linphone.StartAsync(new Pcm([.. new short[Pcm.Rate * 3], .. speech.Samples, .. new short[Pcm.Rate * 20]]), "PCMU/8000/1", user, keys: form);
        await _linphone.CallAsync(phone, "udp");
        // Ends the greeting. The speech comes three seconds after the answer, and five seconds of silence end the recording.
        await phone.PressAsync('1');
        await Task.Delay(TimeSpan.FromSeconds(3) + speech.Duration + TimeSpan.FromSeconds(6));
        // Accept, mark urgent.
        await phone.PressAsync('1');
        await phone.PressAsync('1');
        await phone.CommandAsync("terminate");
        (await _linphone.MessageFromAsync(user)).HighImportance.ShouldBeTrue();
    }
}
