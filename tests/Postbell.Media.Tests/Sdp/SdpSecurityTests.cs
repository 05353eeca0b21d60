using System.Net;
using System.Text;
using Postbell.Core;
using Postbell.Media.Sdp;
using Postbell.Media.Srtp;

namespace Postbell.Media.Tests.Sdp;

public sealed class SdpSecurityTests
{
    // 30 bytes.
    private const string Key = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw";
    private const string OtherKey = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk";
    private const string Plain = "m=audio 4000 RTP/AVP 0\r\n";
    private const string Secure = "m=audio 4000 RTP/SAVP 0\r\n";
    private const string Crypto = $"a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:{Key}\r\n";

    private static readonly SrtpSuite[] s_all = Enum.GetValues<SrtpSuite>();

    [Fact]
    public void An_offer_of_SRTP_is_answered_with_its_number_and_suite_and_a_key_of_our_own()
    {
        var (audio, answer) = Agree(MediaSecurity.Optional, Secure + Crypto);
        var keys = audio.Srtp.ShouldNotBeNull();
        keys.Inbound.ToBase64().ShouldBe(Key);
        keys.Outbound.ToBase64().ShouldNotBe(Key);
        answer.ShouldContain("m=audio 20000 RTP/SAVP 0\r\n");
        answer.ShouldContain($"a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:{keys.Outbound.ToBase64()}\r\n");
    }

    [Fact]
    public void The_first_key_whose_suite_is_to_be_had_is_taken()
    {
        var lines = $"a=crypto:1 F8_128_HMAC_SHA1_80 inline:{Key}\r\na=crypto:2 AEAD_AES_256_GCM inline:{Base64(44)}\r\na=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:{Key}\r\n";
        Agree(MediaSecurity.Required, Secure + lines).Audio.Srtp!.Inbound.Suite.ShouldBe(SrtpSuite.AeadAes256Gcm);
        var (audio, answer) = Agree(MediaSecurity.Required, Secure + lines, SrtpSuite.AesCm128HmacSha1Tag32);
        audio.Srtp!.Outbound.Suite.ShouldBe(SrtpSuite.AesCm128HmacSha1Tag32);
        answer.ShouldContain("a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:");
    }

    [Theory]
    [InlineData("AEAD_AES_256_GCM", 44)]
    [InlineData("AEAD_AES_128_GCM", 28)]
    [InlineData("AES_256_CM_HMAC_SHA1_80", 46)]
    [InlineData("AES_CM_128_HMAC_SHA1_80", 30)]
    [InlineData("AES_CM_128_HMAC_SHA1_32", 30)]
    public void Every_suite_has_its_key_length(string suite, int bytes)
    {
        Agree(MediaSecurity.Required, $"{Secure}a=crypto:1 {suite} inline:{Base64(bytes)}\r\n").Answer.ShouldContain($" {suite} inline:");
        Reject(MediaSecurity.Required, $"{Secure}a=crypto:1 {suite} inline:{Base64(bytes + 1)}\r\n").ShouldBe(SdpRejection.NoUsableKey);
        Reject(MediaSecurity.Required, $"{Secure}a=crypto:1 {suite} inline:{Base64(bytes - 1)}\r\n").ShouldBe(SdpRejection.NoUsableKey);
    }

    [Theory]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^48", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1048576", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} WSH=64", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} -X=1", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^10", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^64", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:4", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1:4", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|255:1", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|1:16", true)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|256:1", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|1:17", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|1:0", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|-1:4", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|:4", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|4", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1:4|2^31", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^10|1:4", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|1:4|1:4", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:4;inline:{OtherKey}|2^20|2:4", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key};inline:{OtherKey}", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} UNENCRYPTED_SRTP", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} UNAUTHENTICATED_SRTP", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} KDR=1", false)]
    [InlineData($"1 aes_cm_128_hmac_sha1_80 inline:{Key}", false)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 {Key}", false)]
    [InlineData($"-1 AES_CM_128_HMAC_SHA1_80 inline:{Key}", false)]
    [InlineData($"1234567890 AES_CM_128_HMAC_SHA1_80 inline:{Key}", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3OD!w", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80", false)]
    [InlineData("", false)]
    public void Key_lines_are_read_strictly(string line, bool usable) =>
        Negotiation(MediaSecurity.Required).NegotiateAnswer(Bytes(Offer($"{Secure}a=crypto:{line}\r\n"))).Rejection
            .ShouldBe(usable ? SdpRejection.None : SdpRejection.NoUsableKey);

    [Fact]
    public void The_index_of_a_key_is_read_in_its_length_and_ours_has_none()
    {
        var (audio, answer) = Agree(MediaSecurity.Required, $"{Secure}a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|258:4\r\n");
        audio.Srtp!.Inbound.Index.ToArray().ShouldBe([0, 0, 1, 2]);
        audio.Srtp.Outbound.Index.IsEmpty.ShouldBeTrue();
        answer.ShouldContain($"inline:{audio.Srtp.Outbound.ToBase64()}\r\n");
    }

    [Fact]
    public void A_line_of_several_keys_is_passed_over_for_the_next_and_refused_when_there_is_none()
    {
        var several = $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:4;inline:{OtherKey}|2^20|2:4\r\n";
        Reject(MediaSecurity.Required, Secure + several).ShouldBe(SdpRejection.NoUsableKey);
        Agree(MediaSecurity.Required, Secure + several + Crypto).Answer.ShouldContain("a=crypto:7 ");
    }

    [Fact]
    public void Each_setting_takes_and_refuses_what_it_says()
    {
        Reject(MediaSecurity.Forbidden, Secure + Crypto).ShouldBe(SdpRejection.SecurityForbidden);
        Agree(MediaSecurity.Forbidden, Plain + Crypto).Audio.Srtp.ShouldBeNull();
        Agree(MediaSecurity.Optional, Plain).Audio.Srtp.ShouldBeNull();
        Reject(MediaSecurity.Required, Plain).ShouldBe(SdpRejection.SecurityRequired);
        Reject(MediaSecurity.Required, Secure).ShouldBe(SdpRejection.NoUsableKey);
    }

    [Fact]
    public void Keys_offered_with_plain_audio_are_used()
    {
        var (audio, answer) = Agree(MediaSecurity.Optional, Plain + Crypto);
        audio.Srtp.ShouldNotBeNull();
        answer.ShouldContain("m=audio 20000 RTP/AVP 0\r\n");
        answer.ShouldContain("a=crypto:7 ");
        Agree(MediaSecurity.Required, Plain + Crypto).Audio.Srtp.ShouldNotBeNull();
    }

    [Fact]
    public void Of_both_kinds_of_audio_the_encrypted_one_is_taken()
    {
        var (audio, answer) = Agree(MediaSecurity.Optional, Plain + Secure.Replace("4000", "5000", StringComparison.Ordinal) + Crypto);
        audio.RemoteRtp.Port.ShouldBe(5000);
        answer.ShouldContain("m=audio 0 RTP/AVP 0\r\nm=audio 20000 RTP/SAVP 0\r\n");
        (audio, answer) = Agree(MediaSecurity.Forbidden, Secure + Crypto + Plain);
        audio.Srtp.ShouldBeNull();
        answer.ShouldContain("m=audio 0 RTP/SAVP 0\r\nm=audio 20000 RTP/AVP 0\r\n");
    }

    [Fact]
    public void Keys_are_neither_taken_nor_sent_where_signalling_is_in_clear()
    {
        var clear = Negotiation(MediaSecurity.Optional, maySendKeys: false);
        clear.NegotiateAnswer(Bytes(Offer(Secure + Crypto))).Rejection.ShouldBe(SdpRejection.KeysInClear);
        var audio = clear.NegotiateAnswer(Bytes(Offer(Plain + Crypto))).Audio.ShouldNotBeNull();
        audio.Srtp.ShouldBeNull();
        Encoding.ASCII.GetString(audio.Body.Span).ShouldNotContain("crypto");
        Negotiation(MediaSecurity.Required, maySendKeys: false).OfferObstacle.ShouldBe(SdpRejection.KeysInClear);
    }

    [Fact]
    public void Without_the_library_the_reason_says_so()
    {
        var security = new SdpSecurity { Mode = MediaSecurity.Optional, MaySendKeys = true, Suites = [] };
        Negotiation(security).NegotiateAnswer(Bytes(Offer(Secure + Crypto))).Rejection.ShouldBe(SdpRejection.SecurityUnavailable);
        Negotiation(security).NegotiateAnswer(Bytes(Offer(Plain + Crypto))).Rejection.ShouldBe(SdpRejection.None);
        Negotiation(security with { Mode = MediaSecurity.Required }).NegotiateAnswer(Bytes(Offer(Plain))).Rejection.ShouldBe(SdpRejection.SecurityUnavailable);
        Negotiation(security with { Mode = MediaSecurity.Required }).OfferObstacle.ShouldBe(SdpRejection.SecurityUnavailable);
    }

    [Fact]
    public void Our_own_offer_brings_a_key_per_suite_and_the_answer_chooses()
    {
        var ours = Negotiation(MediaSecurity.Required);
        var theirs = Negotiation(MediaSecurity.Optional, SrtpSuite.AesCm128HmacSha1Tag80);
        var offer = Encoding.ASCII.GetString(ours.CreateOffer());
        offer.ShouldContain("RTP/SAVP 0 8 101\r\n");
        offer.Split("a=crypto:").Length.ShouldBe(s_all.Length + 1);
        var answer = theirs.NegotiateAnswer(Bytes(offer)).Audio!;
        var agreed = ours.AcceptAnswer(answer.Body.Span).Audio!;
        agreed.Srtp!.Inbound.ShouldBe(answer.Srtp!.Outbound);
        agreed.Srtp.Outbound.ShouldBe(answer.Srtp.Inbound);
    }

    [Theory]
    [InlineData(Plain + Crypto, SdpRejection.AnswerMismatch)]
    [InlineData(Secure, SdpRejection.NoUsableKey)]
    [InlineData(Secure + Crypto, SdpRejection.NoUsableKey)]
    [InlineData($"{Secure}a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Key}\r\n", SdpRejection.NoUsableKey)]
    [InlineData($"{Secure}a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:{Key}\r\n", SdpRejection.None)]
    [InlineData($"{Secure}a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:{Key}\r\na=crypto:5 AES_CM_128_HMAC_SHA1_32 inline:{Key}\r\n", SdpRejection.NoUsableKey)]
    public void An_answer_must_take_one_of_the_offered_keys(string answer, SdpRejection reason)
    {
        var ours = Negotiation(MediaSecurity.Required);
        _ = ours.CreateOffer();
        ours.AcceptAnswer(Bytes(Offer(answer))).Rejection.ShouldBe(reason);
    }

    [Fact]
    public void A_repeated_offer_keeps_both_keys_and_a_new_key_of_the_peer_brings_a_new_one_of_ours()
    {
        var negotiation = Negotiation(MediaSecurity.Optional);
        SrtpKeys Keys(string line) => negotiation.NegotiateAnswer(Bytes(Offer(Secure + line))).Audio!.Srtp!;
        var first = Keys(Crypto);
        Keys(Crypto + "a=sendonly\r\n").ShouldBe(first);
        var second = Keys(Crypto.Replace(Key, OtherKey, StringComparison.Ordinal));
        second.Inbound.ShouldNotBe(first.Inbound);
        second.Outbound.ShouldNotBe(first.Outbound);
        // A later offer of ours stays encrypted, with the key in use.
        Encoding.ASCII.GetString(negotiation.CreateOffer()).ShouldContain($"AES_CM_128_HMAC_SHA1_80 inline:{second.Outbound.ToBase64()}\r\n");
    }

    [Fact]
    public void A_refused_offer_changes_no_key()
    {
        var negotiation = Negotiation(MediaSecurity.Required);
        var first = negotiation.NegotiateAnswer(Bytes(Offer(Secure + Crypto))).Audio!.Srtp!;
        negotiation.NegotiateAnswer(Bytes(Offer("m=audio 4000 RTP/SAVP 18\r\n" + Crypto.Replace(Key, OtherKey, StringComparison.Ordinal)))).IsAgreed.ShouldBeFalse();
        negotiation.NegotiateAnswer(Bytes(Offer(Secure + Crypto))).Audio!.Srtp.ShouldBe(first);
    }

    [Fact]
    public void No_text_form_of_what_was_agreed_shows_a_key()
    {
        var audio = Agree(MediaSecurity.Required, Secure + Crypto).Audio;
        var texts = $"{audio} {audio.Srtp} {audio.Srtp!.Outbound} {SessionDescription.Parse(audio.Body.Span).Description!.Media[0]}";
        texts.ShouldContain("AES_CM_128_HMAC_SHA1_80");
        texts.ShouldNotContain(Key);
        texts.ShouldNotContain(audio.Srtp.Outbound.ToBase64());
    }

    [Fact]
    public void Damaged_key_lines_are_agreed_or_refused_and_never_throw()
    {
        var agreed = 0;
        foreach (var offer in Mutations.Of(Bytes(Offer($"{Secure}a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^31|1:4 WSH=64\r\n")), 20_000, 5))
        {
            agreed += Negotiation(MediaSecurity.Required).NegotiateAnswer(offer).IsAgreed ? 1 : 0;
        }

        agreed.ShouldBeGreaterThan(100);
    }

    private static string Base64(int bytes) => Convert.ToBase64String([.. Enumerable.Range(1, bytes).Select(i => (byte)i)]);

    private static string Offer(string rest) => "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=call\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n" + rest;

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static SdpNegotiation Negotiation(SdpSecurity security) => new(IPEndPoint.Parse("198.51.100.1:20000"), 42, security: security);

    private static SdpNegotiation Negotiation(MediaSecurity mode, bool maySendKeys) =>
        Negotiation(new SdpSecurity { Mode = mode, MaySendKeys = maySendKeys, Suites = s_all });

    private static SdpNegotiation Negotiation(MediaSecurity mode, params SrtpSuite[] suites) =>
        Negotiation(new SdpSecurity { Mode = mode, MaySendKeys = true, Suites = suites.Length > 0 ? suites : s_all });

    private static (NegotiatedAudio Audio, string Answer) Agree(MediaSecurity mode, string streams, params SrtpSuite[] suites)
    {
        var outcome = Negotiation(mode, suites).NegotiateAnswer(Bytes(Offer(streams)));
        outcome.Rejection.ShouldBe(SdpRejection.None);
        return (outcome.Audio!, Encoding.ASCII.GetString(outcome.Audio!.Body.Span));
    }

    private static SdpRejection Reject(MediaSecurity mode, string streams) => Negotiation(mode).NegotiateAnswer(Bytes(Offer(streams))).Rejection;
}
