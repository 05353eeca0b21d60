using System.Net;
using System.Text;
using Postbell.Core;
using Postbell.Media.Sdp;

namespace Postbell.Media.Tests.Sdp;

/// <summary>Wideband codecs in offer and answer.</summary>
public sealed class SdpCodecTests
{
    private const string Wideband = "m=audio 4000 RTP/AVP 96 9 0 8 101 97\r\na=rtpmap:96 opus/48000/2\r\n"
        + "a=fmtp:96 useinbandfec=1; maxaveragebitrate=20000;cbr=1;stereo=1;unknown=7\r\na=rtpmap:101 telephone-event/8000\r\na=rtpmap:97 telephone-event/48000\r\n";

    [Fact]
    public void The_first_codec_of_the_offer_is_taken_with_the_clock_and_parameters_of_Opus()
    {
        var (audio, answer) = Agree(Wideband, SdpVoice.All);
        audio.Codec.ShouldBe(VoiceCodec.Opus);
        audio.PayloadType.ShouldBe((byte)96);
        audio.TelephoneEventPayloadType.ShouldBe((byte)97);
        audio.TelephoneEventClockRate.ShouldBe(48000);
        audio.Receives.ShouldBe(new Dictionary<byte, VoiceCodec> { [96] = VoiceCodec.Opus, [9] = VoiceCodec.G722, [0] = VoiceCodec.Pcmu, [8] = VoiceCodec.Pcma }, ignoreOrder: true);
        audio.ReceivesEvents.Count.ShouldBe(2);
        audio.Opus.ForwardCorrection.ShouldBeTrue();
        audio.Opus.ConstantBitRate.ShouldBeTrue();
        audio.Opus.MaxAverageBitRate.ShouldBe(20000);
        answer.ShouldContain("m=audio 20000 RTP/AVP 96 97\r\n");
        answer.ShouldContain("a=rtpmap:96 opus/48000/2\r\na=fmtp:96 maxplaybackrate=16000;sprop-maxcapturerate=16000;useinbandfec=1\r\n");
        answer.ShouldContain("a=rtpmap:97 telephone-event/48000\r\n");
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 0 13 101\r\na=rtpmap:13 CN/8000\r\n", (byte)13)]
    [InlineData("m=audio 4000 RTP/AVP 9 13 101\r\n", (byte)13)]
    [InlineData("m=audio 4000 RTP/AVP 8 107 101\r\na=rtpmap:107 cn/8000\r\n", (byte)107)]
    [InlineData("m=audio 4000 RTP/AVP 0 107 101\r\na=rtpmap:107 CN/16000\r\n", null)]
    [InlineData("m=audio 4000 RTP/AVP 0 101\r\n", null)]
    [InlineData("m=audio 4000 RTP/AVP 96 13 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:13 CN/8000\r\n", null)]
    public void Comfort_noise_is_agreed_where_it_is_offered_and_configured(string media, byte? type)
    {
        var (audio, answer) = Agree(media + "a=rtpmap:101 telephone-event/8000\r\n", SdpVoice.All with { SilenceSuppression = true });
        audio.ComfortNoisePayloadType.ShouldBe(type);
        answer.Contains($" {type} 101\r\n", StringComparison.Ordinal).ShouldBe(type is not null);
        answer.Contains($"a=rtpmap:{type} CN/8000\r\n", StringComparison.Ordinal).ShouldBe(type is not null);
        (audio, answer) = Agree(media, SdpVoice.All);
        audio.ComfortNoisePayloadType.ShouldBeNull();
        answer.ShouldNotContain("CN/");
    }

    [Fact]
    public void Comfort_noise_of_any_clock_is_understood_when_it_comes()
    {
        var audio = Agree("m=audio 4000 RTP/AVP 0 13 105 106\r\na=rtpmap:105 CN/16000\r\na=rtpmap:106 CN/32000\r\n", SdpVoice.Narrow).Audio;
        audio.ReceivesNoise.ShouldBe(new Dictionary<byte, int> { [13] = 8000, [105] = 16000, [106] = 32000 }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("usedtx=1", true, true)]
    [InlineData("usedtx=1", false, false)]
    [InlineData("usedtx=0", true, false)]
    [InlineData("useinbandfec=1", true, false)]
    public void Opus_makes_pauses_when_the_peer_asks_for_them_and_the_configuration_allows(string parameters, bool allowed, bool pauses) =>
        Agree($"m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 {parameters}\r\n", SdpVoice.All with { SilenceSuppression = allowed })
            .Audio.Opus.Discontinuous.ShouldBe(pauses);

    [Fact]
    public void Our_offer_has_comfort_noise_when_configured()
    {
        string Offered(bool allowed) => Encoding.ASCII.GetString(
            new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42, SdpVoice.Narrow with { SilenceSuppression = allowed }).CreateOffer());
        Offered(true).ShouldContain("m=audio 20000 RTP/AVP 0 8 13 101\r\n");
        Offered(true).ShouldContain("a=rtpmap:13 CN/8000\r\n");
        Offered(false).ShouldContain("m=audio 20000 RTP/AVP 0 8 101\r\n");
    }

    [Fact]
    public void G722_has_a_clock_of_8000_and_needs_no_mapping()
    {
        var (audio, answer) = Agree("m=audio 4000 RTP/AVP 9 0 101\r\na=rtpmap:101 telephone-event/8000\r\n", SdpVoice.All);
        audio.Codec.ShouldBe(VoiceCodec.G722);
        audio.TelephoneEventPayloadType.ShouldBe((byte)101);
        answer.ShouldContain("m=audio 20000 RTP/AVP 9 101\r\n");
        answer.ShouldContain("a=rtpmap:9 G722/8000\r\n");
    }

    [Fact]
    public void A_codec_that_is_not_configured_is_passed_over()
    {
        Agree(Wideband, SdpVoice.Narrow).Audio.Codec.ShouldBe(VoiceCodec.Pcmu);
        Agree(Wideband, new SdpVoice { Codecs = [VoiceCodec.Pcma, VoiceCodec.G722] }).Audio.Codec.ShouldBe(VoiceCodec.G722);
        Agree("m=audio 4000 RTP/AVP 96 8\r\na=rtpmap:96 opus/16000/2\r\n", SdpVoice.All).Audio.Codec.ShouldBe(VoiceCodec.Pcma);
        Agree("m=audio 4000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000/2\r\n", SdpVoice.All).Audio.Codec.ShouldBe(VoiceCodec.Pcma);
    }

    [Fact]
    public void Our_order_counts_when_so_configured()
    {
        var audio = Agree(Wideband, new SdpVoice { Codecs = [VoiceCodec.Pcma, VoiceCodec.Opus], OursFirst = true }).Audio;
        audio.Codec.ShouldBe(VoiceCodec.Pcma);
        audio.PayloadType.ShouldBe((byte)8);
        audio.TelephoneEventPayloadType.ShouldBe((byte)101);
    }

    [Fact]
    public void Key_presses_of_another_clock_are_taken_when_there_are_no_others()
    {
        var audio = Agree("m=audio 4000 RTP/AVP 96 101\r\na=rtpmap:96 OPUS/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n", SdpVoice.All).Audio;
        audio.TelephoneEventPayloadType.ShouldBe((byte)101);
        audio.TelephoneEventClockRate.ShouldBe(8000);
    }

    [Fact]
    public void Our_offer_lists_every_codec_and_each_side_keeps_its_numbers()
    {
        var ours = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42, SdpVoice.All);
        var offer = Encoding.ASCII.GetString(ours.CreateOffer());
        offer.ShouldContain("m=audio 20000 RTP/AVP 107 9 0 8 101 102\r\n");
        offer.ShouldContain("a=rtpmap:107 opus/48000/2\r\n");
        var outcome = ours.AcceptAnswer(Bytes("m=audio 4000 RTP/AVP 111 100\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:100 telephone-event/48000\r\n"));
        outcome.Audio!.PayloadType.ShouldBe((byte)111, "what the peer wants to receive");
        outcome.Audio.Receives[107].ShouldBe(VoiceCodec.Opus, "what we said we want to receive");
        outcome.Audio.Receives[111].ShouldBe(VoiceCodec.Opus);
        outcome.Audio.ReceivesEvents[102].ShouldBe(48000);
        outcome.Audio.TelephoneEventPayloadType.ShouldBe((byte)100);
    }

    [Fact]
    public void A_new_offer_may_change_the_codec()
    {
        var negotiation = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42, SdpVoice.All);
        negotiation.NegotiateAnswer(Bytes(Wideband)).Audio!.Codec.ShouldBe(VoiceCodec.Opus);
        var second = negotiation.NegotiateAnswer(Bytes("m=audio 4000 RTP/AVP 8\r\n")).Audio!;
        second.Codec.ShouldBe(VoiceCodec.Pcma);
        Encoding.ASCII.GetString(second.Body.Span).ShouldContain("o=postbell 42 2 ");
    }

    [Theory]
    [InlineData("a=ptime:40\r\na=maxptime:30\r\n", 30)]
    [InlineData("a=ptime:5\r\n", 10)]
    [InlineData("a=ptime:200\r\n", 60)]
    [InlineData("a=maxptime:10\r\n", 10)]
    public void The_length_of_packets_stays_between_10_and_60_ms(string lines, int expected) =>
        Agree("m=audio 4000 RTP/AVP 9\r\n" + lines, SdpVoice.All).Audio.Ptime.ShouldBe(expected);

    [Fact]
    public void Hostile_parameters_are_passed_over()
    {
        foreach (var seed in new[] { "a=fmtp:96 useinbandfec=1;maxaveragebitrate=20000", "a=rtpmap:96 opus/48000/2" })
        {
            foreach (var bytes in Mutations.Of(Encoding.ASCII.GetBytes(seed), 500, seed.Length))
            {
                var line = Encoding.Latin1.GetString(bytes).Replace("\n", "", StringComparison.Ordinal);
                var offer = Encoding.Latin1.GetBytes($"v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP 96 0\r\na=rtpmap:96 opus/48000/2\r\n{line}\r\n");
                var outcome = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42, SdpVoice.All).NegotiateAnswer(offer);
                (outcome.IsAgreed || outcome.Rejection != SdpRejection.None).ShouldBeTrue();
                if (outcome.Audio is { Opus.MaxAverageBitRate: { } rate })
                {
                    rate.ShouldBeInRange(6000, 510000);
                }
            }
        }
    }

    private static byte[] Bytes(string media) => Encoding.ASCII.GetBytes("v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n" + media);

    private static (NegotiatedAudio Audio, string Answer) Agree(string media, SdpVoice voice)
    {
        var outcome = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42, voice).NegotiateAnswer(Bytes(media));
        outcome.Rejection.ShouldBe(SdpRejection.None);
        return (outcome.Audio!, Encoding.ASCII.GetString(outcome.Audio!.Body.Span));
    }
}
