using System.Net;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Srtp;

namespace Postbell.Media.Sdp;

/// <summary>
/// Our side of offer and answer (RFC 3264) for the audio of one call. Not for several threads at once. It keeps the session id and raises the version of
/// the <c>o=</c> line only when our description changes.
/// </summary>
public sealed class SdpNegotiation
{
    private const int DefaultPtime = 20;
    private const int MinPtime = 10;
    private const int MaxPtime = 60;

    private readonly IPEndPoint _localRtp;
    private readonly SdpVoice _voice;
    private readonly SdpKeyAgreement _keys;
    private readonly SdpComposer _composer;

    /// <summary>Starts the description of one call.</summary>
    /// <param name="localRtp">Where the call's media session receives; RTCP is the next port.</param>
    /// <param name="sessionId">Number of the session in the <c>o=</c> line, random per call.</param>
    /// <param name="voice">Codecs spoken; null is G.711 alone.</param>
    /// <param name="security">Whether audio is encrypted; null is never.</param>
    public SdpNegotiation(IPEndPoint localRtp, ulong sessionId, SdpVoice? voice = null, SdpSecurity? security = null)
    {
        _keys = new SdpKeyAgreement(security ?? SdpSecurity.None);
        _localRtp = localRtp;
        _voice = voice ?? SdpVoice.Narrow;
        _composer = new SdpComposer(localRtp, sessionId);
    }

    /// <summary>Why <see cref="CreateOffer"/> must not be called; <see cref="SdpRejection.None"/> mostly.</summary>
    public SdpRejection OfferObstacle => _keys.OfferObstacle;

    /// <summary>
    /// Answers an offer: the first usable encrypted audio stream or else the first usable one, with a codec by <see cref="SdpVoice.OursFirst"/>, telephone-event when offered;
    /// every other stream is refused with port 0 in its place.
    /// </summary>
    public SdpOutcome NegotiateAnswer(ReadOnlySpan<byte> offer)
    {
        var (description, rejection) = SessionDescription.Parse(offer);
        if (description is null)
        {
            return SdpOutcome.Rejected(rejection);
        }

        var worst = SdpRejection.NoAudioStream;
        var best = (Index: -1, Audio: (NegotiatedAudio?)null, Key: (SdpCrypto?)null);
        for (var i = 0; i < description.Media.Count && best.Key is null; i++)
        {
            var media = description.Media[i];
            SdpCrypto? key = null;
            SrtpKeys? keys = null;
            var reason = Problem(description, media, out var address);
            reason = reason == SdpRejection.None ? _keys.Choose(media, out key, out keys) : reason;
            var codecs = SdpCodecs.Of(media, _voice.Codecs, _voice.OursFirst);
            reason = reason == SdpRejection.None && codecs.Audio is null ? SdpRejection.NoCommonCodec : reason;
            if (reason != SdpRejection.None)
            {
                worst = reason == SdpRejection.NoAudioStream ? worst : reason;
            }
            else if (best.Audio is null || key is not null)
            {
                best = (i, Build(description, media, address!, codecs, _voice.SilenceSuppression) with { Srtp = keys }, key);
            }
        }

        if (best.Audio is not { } audio)
        {
            return SdpOutcome.Rejected(worst);
        }

        _keys.Commit(audio.Srtp);
        return new SdpOutcome(audio with { Body = _composer.Answer(description, best.Index, audio, best.Key) }, SdpRejection.None);
    }

    /// <summary>Our own offer, for an INVITE without one or a call we make.</summary>
    public byte[] CreateOffer(MediaDirection direction = MediaDirection.SendRecv) => _composer.Offer(_voice, _keys.Offer(), direction);

    /// <summary>Takes the peer's answer to <see cref="CreateOffer"/>.</summary>
    public SdpOutcome AcceptAnswer(ReadOnlySpan<byte> answer)
    {
        var (description, rejection) = SessionDescription.Parse(answer);
        if (description is null)
        {
            return SdpOutcome.Rejected(rejection);
        }

        if (description.Media is not [{ Kind: "audio" } media])
        {
            return SdpOutcome.Rejected(SdpRejection.AnswerMismatch);
        }

        SrtpKeys? keys = null;
        var reason = Problem(description, media, out var address);
        reason = reason == SdpRejection.None ? _keys.Accept(media, out keys) : reason;
        var codecs = SdpCodecs.Of(media, _voice.Codecs, _voice.OursFirst);
        reason = reason == SdpRejection.None && codecs.Audio is null ? SdpRejection.NoCommonCodec : reason;
        if (reason != SdpRejection.None)
        {
            return SdpOutcome.Rejected(reason);
        }

        _keys.Commit(keys);
        var audio = Build(description, media, address!, codecs, _voice.SilenceSuppression);
        return new SdpOutcome(audio with { Srtp = keys, Receives = Offered(audio.Receives), ReceivesEvents = Offered(audio.ReceivesEvents) }, SdpRejection.None);
    }

    /// <summary>The peer sends with the numbers of our offer, and may answer with others for its own direction (RFC 3264, 5.1): both are understood, ours first.</summary>
    private Dictionary<byte, VoiceCodec> Offered(IReadOnlyDictionary<byte, VoiceCodec> answered)
    {
        var all = new Dictionary<byte, VoiceCodec>(answered);
        foreach (var codec in _voice.Codecs)
        {
            all[SdpComposer.OfferedType(codec)] = codec;
        }

        return all;
    }

    private static Dictionary<byte, int> Offered(IReadOnlyDictionary<byte, int> answered)
    {
        var all = new Dictionary<byte, int>(answered);
        all[SdpComposer.OfferedTelephoneEvent] = VoiceCodec.Pcmu.ClockRate();
        all[SdpComposer.OfferedOpusTelephoneEvent] = VoiceCodec.Opus.ClockRate();
        return all;
    }

    /// <summary>What is wrong with a stream apart from codecs and keys.</summary>
    private SdpRejection Problem(SessionDescription description, SdpMedia media, out IPAddress? address)
    {
        address = media.ConnectionUnusable ? null : media.Connection ?? description.Connection;
        if (media.Port == 0)
        {
            return SdpRejection.NoAudioStream;
        }

        var isSpoken = media.Transport.Equals(SdpComposer.PlainTransport, StringComparison.OrdinalIgnoreCase)
            || media.Transport.Equals(SdpComposer.SecureTransport, StringComparison.OrdinalIgnoreCase);
        if (media.Kind != "audio" || !isSpoken)
        {
            // A lone fax stream is a transport not spoken here as well; video beside audio is just refused.
            return media.Kind is "audio" or "image" ? SdpRejection.UnsupportedTransport : SdpRejection.NoAudioStream;
        }

        if (address is null || IsMulticast(address))
        {
            return SdpRejection.NoConnectionAddress;
        }

        return address.AddressFamily == _localRtp.AddressFamily ? SdpRejection.None : SdpRejection.AddressFamilyMismatch;
    }

    private static NegotiatedAudio Build(SessionDescription description, SdpMedia media, IPAddress address, SdpCodecs codecs, bool suppressSilence)
    {
        var audio = codecs.Audio!.Value;
        var rtcpAddress = media.RtcpAddress is { } own && own.AddressFamily == address.AddressFamily && !IsMulticast(own) ? own : address;
        return new NegotiatedAudio
        {
            RemoteRtp = new IPEndPoint(address, media.Port),
            RemoteRtcp = new IPEndPoint(rtcpAddress, media.RtcpPort ?? Math.Min(media.Port + 1, ushort.MaxValue)),
            PayloadType = audio.PayloadType,
            Codec = audio.Codec,
            Receives = codecs.Voice,
            TelephoneEventPayloadType = codecs.Event?.PayloadType,
            TelephoneEventClockRate = codecs.Event?.ClockRate ?? G711.SampleRate,
            ReceivesEvents = codecs.Events,
            ComfortNoisePayloadType = suppressSilence ? codecs.NoiseToSend : null,
            ReceivesNoise = codecs.Noise,
            Opus = codecs.Opus with { Discontinuous = codecs.Opus.Discontinuous && suppressSilence },
            ExtendedReports = media.VoipMetrics || description.VoipMetrics,
            Direction = Answered(media.Direction ?? description.Direction, address),
            Ptime = Math.Clamp(Math.Min(media.Ptime ?? DefaultPtime, media.MaxPtime ?? MaxPtime), MinPtime, MaxPtime),
            Body = default,
        };
    }

    /// <summary>Our direction for the peer's; an address of all zeros is the old way to say "do not send" (RFC 3264, 8.4).</summary>
    private static MediaDirection Answered(MediaDirection theirs, IPAddress address)
    {
        var unspecified = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        return theirs switch
        {
            MediaDirection.SendRecv when !unspecified => MediaDirection.SendRecv,
            MediaDirection.RecvOnly when !unspecified => MediaDirection.SendOnly,
            MediaDirection.SendRecv or MediaDirection.SendOnly => MediaDirection.RecvOnly,
            _ => MediaDirection.Inactive,
        };
    }

    private static bool IsMulticast(IPAddress address)
    {
        if (address.IsIPv6Multicast)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 4 && bytes[0] >= 224;
    }
}
