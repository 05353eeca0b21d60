using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Media.Sdp;
using Postbell.Telephony.CallRouting;

namespace Postbell.Scenarios.Tests;

/// <summary>Calls with SRTP, and what gateways are told whose offer does not fit their setting.</summary>
public sealed class EncryptedCallScenarios
{
    private static readonly SdpSecurity s_required = new() { Mode = MediaSecurity.Required, MaySendKeys = true };

    [Fact]
    public async Task A_gateway_that_requires_encryption_gets_it_or_488()
    {
        await using var server = await ScenarioServer.StartAsync();
        server.ChangeGateway(g => g with { MediaSecurity = MediaSecurity.Required, AllowSdesOverClear = true });
        var phone = await server.PhoneAsync(s_required);
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        phone.Media.Encrypted.ShouldBeTrue();
        phone.Media.Unauthentic.ShouldBe(0);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);

        var plain = await server.PhoneAsync();
        await plain.DialAsync("1001");
        ShouldBeRefused(plain, "No usable SRTP is offered, and mediaSecurity of the gateway is Required");
    }

    [Fact]
    public async Task An_INVITE_without_offer_gets_an_encrypted_one()
    {
        await using var server = await ScenarioServer.StartAsync();
        server.ChangeGateway(g => g with { MediaSecurity = MediaSecurity.Required, AllowSdesOverClear = true });
        var phone = await server.PhoneAsync(s_required);
        await phone.DialWithoutOfferAsync("1001");
        await phone.HearBeepAsync();
        phone.Media.Encrypted.ShouldBeTrue();
        (await phone.HoldAsync(true)).Status.ShouldBe(200);
        (await phone.HoldAsync(false)).Status.ShouldBe(200);
        await phone.SpeakAsync(2);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task Keys_over_clear_signalling_are_refused_unless_that_is_allowed()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync(s_required);
        await phone.DialAsync("1001");
        ShouldBeRefused(phone, "SRTP keys are taken over TLS only, unless allowSdesOverClear of the gateway is set");

        server.ChangeGateway(g => g with { MediaSecurity = MediaSecurity.Required });
        var late = await server.PhoneAsync(s_required);
        await late.DialWithoutOfferAsync("1001");
        ShouldBeRefused(late, "SRTP keys are taken over TLS only, unless allowSdesOverClear of the gateway is set");
    }

    [Fact]
    public async Task Where_encryption_is_forbidden_nothing_but_plain_audio_is_taken()
    {
        await using var server = await ScenarioServer.StartAsync();
        server.ChangeGateway(g => g with { MediaSecurity = MediaSecurity.Forbidden, AllowSdesOverClear = true });
        var phone = await server.PhoneAsync(s_required);
        await phone.DialAsync("1001");
        ShouldBeRefused(phone, "Only SRTP is offered, and mediaSecurity of the gateway is Forbidden");
    }

    private static void ShouldBeRefused(ScenarioPhone phone, string why)
    {
        var refusal = phone.Refusal.ShouldNotBeNull();
        refusal.Status.ShouldBe(488);
        refusal.Headers["ms-diagnostics"].ShouldNotBeNull().ShouldContain(CallRejection.MediaSecurity(why).Diagnostics("x").Split(';')[2]);
    }
}
