using System.Net;
using System.Text;
using Postbell.Core;
using Postbell.Media.Sdp;

namespace Postbell.Media.Tests.Sdp;

public sealed class SdpNegotiationTests
{
    private const string Audio = "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";

    [Fact]
    public void An_ordinary_offer_gets_its_first_codec_and_telephone_events()
    {
        var (audio, answer) = Agree(Offer(Audio));
        audio.RemoteRtp.ShouldBe(IPEndPoint.Parse("192.0.2.7:4000"));
        audio.RemoteRtcp.ShouldBe(IPEndPoint.Parse("192.0.2.7:4001"));
        audio.Codec.ShouldBe(VoiceCodec.Pcmu);
        audio.PayloadType.ShouldBe((byte)0);
        audio.TelephoneEventPayloadType.ShouldBe((byte)101);
        audio.Ptime.ShouldBe(20);
        audio.Direction.ShouldBe(MediaDirection.SendRecv);
        audio.IsHeld.ShouldBeFalse();
        answer.ShouldBe(
            """
            v=0
            o=postbell 42 1 IN IP4 198.51.100.1
            s=-
            c=IN IP4 198.51.100.1
            t=0 0
            m=audio 20000 RTP/AVP 0 101
            a=rtpmap:0 PCMU/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-15
            a=ptime:20
            a=sendrecv

            """.ReplaceLineEndings("\r\n"));
    }

    [Fact]
    public void Payload_numbers_are_the_offers_own()
    {
        var (audio, answer) = Agree(Offer(
            "m=audio 4000 RTP/AVP 18 97 96 100\r\na=rtpmap:96 pcmu/8000\r\na=rtpmap:97 PCMA/8000/1\r\na=rtpmap:100 telephone-event/8000\r\n"));
        audio.Codec.ShouldBe(VoiceCodec.Pcma);
        audio.PayloadType.ShouldBe((byte)97);
        audio.Receives.First(r => r.Value == VoiceCodec.Pcmu).Key.ShouldBe((byte)96);
        audio.Receives.First(r => r.Value == VoiceCodec.Pcma).Key.ShouldBe((byte)97);
        answer.ShouldContain("m=audio 20000 RTP/AVP 97 100\r\n");
        answer.ShouldContain("a=rtpmap:97 PCMA/8000\r\n");
    }

    [Fact]
    public void A_telephone_event_of_another_clock_is_not_taken()
    {
        var (audio, _) = Agree(Offer("m=audio 4000 RTP/AVP 8 110\r\na=rtpmap:110 telephone-event/16000\r\n"));
        audio.TelephoneEventPayloadType.ShouldBeNull();
    }

    [Fact]
    public void Only_allowed_codecs_are_agreed()
    {
        var negotiation = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42, new SdpVoice { Codecs = [VoiceCodec.Pcma] });
        negotiation.NegotiateAnswer(Bytes(Offer(Audio))).Audio!.Codec.ShouldBe(VoiceCodec.Pcma);
        Encoding.ASCII.GetString(negotiation.CreateOffer()).ShouldContain("RTP/AVP 8 101\r\n");
    }

    [Theory]
    [InlineData("a=ptime:30\r\n", 30)]
    [InlineData("a=ptime:10\r\n", 10)]
    [InlineData("a=ptime:60\r\n", 60)]
    [InlineData("a=ptime:200\r\n", 60)]
    [InlineData("a=ptime:1\r\n", 10)]
    [InlineData("a=ptime:20.0\r\n", 20)]
    [InlineData("a=ptime:rubbish\r\n", 20)]
    [InlineData("a=ptime:0\r\n", 20)]
    [InlineData("a=maxptime:10\r\n", 10)]
    [InlineData("a=ptime:40\r\na=maxptime:30\r\n", 30)]
    public void The_packet_time_of_the_peer_is_honoured_in_bounds(string line, int ptime)
    {
        var (audio, answer) = Agree(Offer(Audio + line));
        audio.Ptime.ShouldBe(ptime);
        answer.ShouldContain($"a=ptime:{ptime}\r\n");
    }

    [Fact]
    public void The_address_of_the_stream_stands_above_that_of_the_session()
    {
        Agree(Offer(Audio + "c=IN IP4 203.0.113.8\r\n")).Audio.RemoteRtp.ShouldBe(IPEndPoint.Parse("203.0.113.8:4000"));
        Agree("v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nt=0 0\r\n" + Audio + "c=IN IP4 203.0.113.8\r\n").Audio.RemoteRtp.Port.ShouldBe(4000);
    }

    [Fact]
    public void IPv6_is_spoken_where_we_have_it()
    {
        var local = IPEndPoint.Parse("[2001:db8::1]:20000");
        var negotiation = new SdpNegotiation(local, 42);
        var outcome = negotiation.NegotiateAnswer(Bytes(Offer(Audio + "c=IN IP6 2001:db8::7\r\n")));
        outcome.Audio!.RemoteRtp.ShouldBe(IPEndPoint.Parse("[2001:db8::7]:4000"));
        Text(outcome.Audio.Body).ShouldContain("c=IN IP6 2001:db8::1\r\n");
        Reject(Offer(Audio + "c=IN IP6 2001:db8::7\r\n")).ShouldBe(SdpRejection.AddressFamilyMismatch);
    }

    [Theory]
    [InlineData("a=rtcp:5000\r\n", "192.0.2.7:5000")]
    [InlineData("a=rtcp:5000 IN IP4 203.0.113.8\r\n", "203.0.113.8:5000")]
    [InlineData("a=rtcp:5000 IN IP4 224.0.0.1\r\n", "192.0.2.7:5000")]
    [InlineData("a=rtcp:0\r\n", "192.0.2.7:4001")]
    [InlineData("a=rtcp:x\r\n", "192.0.2.7:4001")]
    public void Reports_go_where_the_peer_wants_them(string line, string expected) =>
        Agree(Offer(Audio + line)).Audio.RemoteRtcp.ShouldBe(IPEndPoint.Parse(expected));

    [Fact]
    public void Further_streams_are_refused_in_their_places()
    {
        var (audio, answer) = Agree(Offer(
            "m=video 5000 RTP/AVP 31 34\r\na=rtpmap:31 H261/90000\r\nm=audio 4000 RTP/SAVP 0\r\nm=audio 4002 RTP/AVP 8\r\nm=audio 4004 RTP/AVP 0\r\n"
            + "m=image 4006 udptl t38\r\n"));
        audio.RemoteRtp.Port.ShouldBe(4002);
        answer.Split("\r\n").Where(l => l.StartsWith("m=", StringComparison.Ordinal)).ShouldBe(
        [
            "m=video 0 RTP/AVP 31 34",
            "m=audio 0 RTP/SAVP 0",
            "m=audio 20000 RTP/AVP 8",
            "m=audio 0 RTP/AVP 0",
            "m=image 0 udptl t38",
        ]);
    }

    [Theory]
    [InlineData("a=sendrecv\r\n", MediaDirection.SendRecv, false)]
    [InlineData("a=sendonly\r\n", MediaDirection.RecvOnly, true)]
    [InlineData("a=recvonly\r\n", MediaDirection.SendOnly, true)]
    [InlineData("a=inactive\r\n", MediaDirection.Inactive, true)]
    [InlineData("c=IN IP4 0.0.0.0\r\n", MediaDirection.RecvOnly, true)]
    [InlineData("c=IN IP4 0.0.0.0\r\na=inactive\r\n", MediaDirection.Inactive, true)]
    public void A_hold_is_answered_with_its_mirror_and_the_port_is_kept(string line, MediaDirection ours, bool held)
    {
        var (audio, answer) = Agree(Offer(Audio + line));
        audio.Direction.ShouldBe(ours);
        audio.IsHeld.ShouldBe(held);
        answer.ShouldContain($"a={ours.ToString().ToLowerInvariant()}\r\n");
        answer.ShouldContain("m=audio 20000 ");
        audio.RemoteRtp.Port.ShouldBe(4000);
    }

    [Fact]
    public void The_direction_of_the_session_holds_for_streams_without_one()
    {
        Agree("v=0\r\nc=IN IP4 192.0.2.7\r\na=sendonly\r\n" + Audio).Audio.Direction.ShouldBe(MediaDirection.RecvOnly);
        Agree("v=0\r\nc=IN IP4 192.0.2.7\r\na=sendonly\r\n" + Audio + "a=sendrecv\r\n").Audio.Direction.ShouldBe(MediaDirection.SendRecv);
    }

    [Fact]
    public void The_version_goes_up_only_when_our_description_changes()
    {
        var negotiation = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42);
        string Version(string offer) => Text(negotiation.NegotiateAnswer(Bytes(offer)).Audio!.Body).Split("\r\n")[1].Split(' ')[2];
        Version(Offer(Audio)).ShouldBe("1");
        Version(Offer(Audio)).ShouldBe("1");
        Version(Offer(Audio + "a=sendonly\r\n")).ShouldBe("2");
        Version(Offer(Audio)).ShouldBe("3");
    }

    [Theory]
    [InlineData("a=rtcp-xr:voip-metrics\r\n", true)]
    [InlineData("a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup voip-metrics\r\n", true)]
    [InlineData("a=rtcp-xr:pkt-loss-rle\r\n", false)]
    [InlineData("a=rtcp-xr\r\n", false)]
    [InlineData("", false)]
    public void Extended_reports_are_agreed_where_the_peer_takes_them(string line, bool agreed)
    {
        var (audio, answer) = Agree(Offer(Audio + line));
        audio.ExtendedReports.ShouldBe(agreed);
        answer.Contains("a=rtcp-xr:voip-metrics\r\n", StringComparison.Ordinal).ShouldBe(agreed);
        Agree("v=0\r\nc=IN IP4 192.0.2.7\r\n" + line + Audio).Audio.ExtendedReports.ShouldBe(agreed);
    }

    [Fact]
    public void Our_own_offer_is_answered_and_taken()
    {
        var ours = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42);
        var theirs = new SdpNegotiation(IPEndPoint.Parse("192.0.2.7:4000"), 7, new SdpVoice { Codecs = [VoiceCodec.Pcma] });
        var answer = theirs.NegotiateAnswer(ours.CreateOffer()).Audio!;
        var agreed = ours.AcceptAnswer(answer.Body.Span).Audio!;
        agreed.RemoteRtp.ShouldBe(IPEndPoint.Parse("192.0.2.7:4000"));
        agreed.Codec.ShouldBe(VoiceCodec.Pcma);
        agreed.TelephoneEventPayloadType.ShouldBe((byte)101);
        agreed.ExtendedReports.ShouldBeTrue();
        ours.AcceptAnswer(Bytes(Offer(Audio + Audio))).Rejection.ShouldBe(SdpRejection.AnswerMismatch);
        ours.AcceptAnswer(Bytes(Offer("m=audio 0 RTP/AVP 0\r\n"))).Rejection.ShouldBe(SdpRejection.NoAudioStream);
        ours.AcceptAnswer(default).Rejection.ShouldBe(SdpRejection.Empty);
    }

    [Theory]
    [InlineData("", SdpRejection.Empty)]
    [InlineData("hello", SdpRejection.Malformed)]
    [InlineData("v=1\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nnonsense\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nm=audio\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nm=audio 4000 RTP/AVP\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nm=audio 70000 RTP/AVP 0\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nm=audio -1 RTP/AVP 0\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nm=aud\u0001io 4000 RTP/AVP 0\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nc=IN\r\n", SdpRejection.Malformed)]
    [InlineData("v=0\r\nm=audio 4000 RTP/AVP 0\r\n", SdpRejection.NoConnectionAddress)]
    [InlineData("v=0\r\nc=IN IP4 pbx.example.com\r\nm=audio 4000 RTP/AVP 0\r\n", SdpRejection.NoConnectionAddress)]
    [InlineData("v=0\r\nc=IN IP4 224.2.1.1/127\r\nm=audio 4000 RTP/AVP 0\r\n", SdpRejection.NoConnectionAddress)]
    [InlineData("v=0\r\nc=IN IP4 239.1.1.1\r\nm=audio 4000 RTP/AVP 0\r\n", SdpRejection.NoConnectionAddress)]
    [InlineData("v=0\r\nc=IN IP4 1.2\r\nm=audio 4000 RTP/AVP 0\r\n", SdpRejection.NoConnectionAddress)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 bad\r\n", SdpRejection.NoConnectionAddress)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\n", SdpRejection.NoAudioStream)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 0 RTP/AVP 0\r\n", SdpRejection.NoAudioStream)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=video 4000 RTP/AVP 31\r\n", SdpRejection.NoAudioStream)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/SAVP 0\r\n", SdpRejection.SecurityForbidden)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/SAVPF 0\r\n", SdpRejection.UnsupportedTransport)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=image 4000 udptl t38\r\n", SdpRejection.UnsupportedTransport)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n", SdpRejection.NoCommonCodec)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 0\r\na=rtpmap:0 G722/8000\r\n", SdpRejection.NoCommonCodec)]
    [InlineData("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 PCMU/16000\r\n", SdpRejection.NoCommonCodec)]
    public void What_does_not_fit_is_refused_with_its_reason(string offer, SdpRejection reason) => Reject(offer).ShouldBe(reason);

    [Fact]
    public void Limits_hold()
    {
        Reject(Offer(new string('x', SessionDescription.MaxBytes))).ShouldBe(SdpRejection.TooLong);
        Reject(Offer(string.Concat(Enumerable.Repeat("a=x\r\n", SessionDescription.MaxLines)))).ShouldBe(SdpRejection.TooManyLines);
        Reject(Offer(string.Concat(Enumerable.Repeat("m=audio 1 RTP/AVP 0\r\n", SessionDescription.MaxStreams + 1)))).ShouldBe(SdpRejection.TooManyStreams);
        Reject(Offer("m=audio 1 RTP/AVP " + string.Join(' ', Enumerable.Range(0, 65)) + "\r\n")).ShouldBe(SdpRejection.Malformed);
    }

    [Fact]
    public void Lines_may_end_with_a_line_feed_alone_and_the_last_without_any()
    {
        Agree(Offer(Audio).Replace("\r\n", "\n", StringComparison.Ordinal)).Audio.PayloadType.ShouldBe((byte)0);
        Agree(Offer(Audio).TrimEnd()).Audio.PayloadType.ShouldBe((byte)0);
    }

    [Fact]
    public void Damaged_offers_are_agreed_or_refused_and_never_throw()
    {
        var seed = Bytes(Offer("c=IN IP4 192.0.2.9\r\n" + Audio + "a=ptime:20\r\na=rtcp:5000 IN IP4 1.2.3.4\r\na=sendonly\r\nm=video 5000/2 RTP/AVP 31\r\n"));
        var agreed = 0;
        foreach (var offer in Mutations.Of(seed, 50_000, 1))
        {
            var outcome = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42).NegotiateAnswer(offer);
            outcome.IsAgreed.ShouldBe(outcome.Rejection == SdpRejection.None);
            if (outcome.Audio is { } audio)
            {
                agreed++;
                SessionDescription.Parse(audio.Body.Span).Rejection.ShouldBe(SdpRejection.None);
            }
        }

        agreed.ShouldBeGreaterThan(1000);
    }

    private static string Offer(string rest) => "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=call\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n" + rest;

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.ASCII.GetString(bytes.Span);

    private static (NegotiatedAudio Audio, string Answer) Agree(string offer)
    {
        var outcome = new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42).NegotiateAnswer(Bytes(offer));
        outcome.Rejection.ShouldBe(SdpRejection.None);
        return (outcome.Audio!, Text(outcome.Audio!.Body));
    }

    private static SdpRejection Reject(string offer) =>
        new SdpNegotiation(IPEndPoint.Parse("198.51.100.1:20000"), 42).NegotiateAnswer(Bytes(offer)).Rejection;
}
