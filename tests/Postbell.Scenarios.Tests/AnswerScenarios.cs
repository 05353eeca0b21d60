using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Media.Playback;

namespace Postbell.Scenarios.Tests;

/// <summary>How calls are answered: with whose offer, and with which greeting.</summary>
public sealed class AnswerScenarios
{
    [Fact]
    public async Task An_INVITE_without_offer_is_answered_with_ours_and_the_ACK_answers_it()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialWithoutOfferAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task An_offer_inside_a_multipart_body_is_found()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialMultipartAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task A_persons_own_greeting_is_played_alone_and_a_new_one_from_the_next_call_on()
    {
        await using var server = await ScenarioServer.StartAsync();
        (await HeardBeforeBeepAsync(server)).ShouldBeInRange(900, 1100);

        await RecordAsync(server, Hum(3));
        (await HeardBeforeBeepAsync(server)).ShouldBeInRange(2900, 3100);

        await RecordAsync(server, Hum(5));
        (await HeardBeforeBeepAsync(server)).ShouldBeInRange(4900, 5100);
    }

    private static async Task<int> HeardBeforeBeepAsync(ScenarioServer server)
    {
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        phone.HangUp();
        return phone.SoundMs - 360;
    }

    /// <summary>A new greeting, and the moment the news of it takes to reach the telephone.</summary>
    private static async Task RecordAsync(ScenarioServer server, byte[] greeting)
    {
        var told = false;
        using var changes = server.Store.Subscribe(change => told |= change.Kind == MailboxChangeKind.AccountChanged);
        await server.Store.SetGreetingAsync(server.Ann.Id, GreetingNames.Standard, greeting, CancellationToken.None);
        await server.UntilAsync(() => Volatile.Read(ref told), "the change to be published");
        await server.PassAsync(TimeSpan.FromSeconds(1));
    }

    private static byte[] Hum(int seconds)
    {
        var samples = new short[seconds * 8000];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(5000 * Math.Sin(2 * Math.PI * 300 * i / 8000));
        }

        return WavWriter.Pcm16(new PcmAudio(samples, 8000));
    }
}
