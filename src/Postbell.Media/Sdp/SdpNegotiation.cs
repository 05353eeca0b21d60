using System.Net;

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
    private readonly IReadOnlyList<G711Law> _laws;
    private readonly SdpComposer _composer;

    /// <summary>Starts the description of one call.</summary>
    /// <param name="localRtp">Where the call's media session receives; RTCP is the next port.</param>
    /// <param name="sessionId">Number of the session in the <c>o=</c> line, random per call.</param>
    /// <param name="laws">Codecs spoken, in our order of preference (used in offers); null is PCMU, PCMA.</param>
    public SdpNegotiation(IPEndPoint localRtp, ulong sessionId, IReadOnlyList<G711Law>? laws = null)
    {
        _localRtp = localRtp;
        _laws = laws ?? [G711Law.Mu, G711Law.A];
        _composer = new SdpComposer(localRtp, sessionId);
    }

    /// <summary>
    /// Answers an offer: the first usable audio stream with its first codec we speak, telephone-event when offered; every other stream is refused with
    /// port 0 in its place.
    /// </summary>
    public SdpOutcome NegotiateAnswer(ReadOnlySpan<byte> offer)
    {
        var (description, rejection) = SessionDescription.Parse(offer);
        if (description is null)
        {
            return SdpOutcome.Rejected(rejection);
        }

        var best = SdpRejection.NoAudioStream;
        for (var i = 0; i < description.Media.Count; i++)
        {
            var outcome = Agree(description, description.Media[i]);
            if (outcome.IsAgreed)
            {
                var body = _composer.Answer(description, i, outcome.Audio);
                return outcome with { Audio = outcome.Audio with { Body = body } };
            }

            best = outcome.Rejection == SdpRejection.NoAudioStream ? best : outcome.Rejection;
        }

        return SdpOutcome.Rejected(best);
    }

    /// <summary>Our own offer, for an INVITE without one or a call we make.</summary>
    public byte[] CreateOffer(MediaDirection direction = MediaDirection.SendRecv) => _composer.Offer(_laws, direction);

    /// <summary>Takes the peer's answer to <see cref="CreateOffer"/>.</summary>
    public SdpOutcome AcceptAnswer(ReadOnlySpan<byte> answer)
    {
        var (description, rejection) = SessionDescription.Parse(answer);
        if (description is null)
        {
            return SdpOutcome.Rejected(rejection);
        }

        if (description.Media.Count != 1 || description.Media[0].Kind != "audio")
        {
            return SdpOutcome.Rejected(SdpRejection.AnswerMismatch);
        }

        return Agree(description, description.Media[0]);
    }

    private SdpOutcome Agree(SessionDescription description, SdpMedia media)
    {
        if (media.Port == 0)
        {
            return SdpOutcome.Rejected(SdpRejection.NoAudioStream);
        }

        if (media.Kind != "audio" || !media.Transport.Equals("RTP/AVP", StringComparison.OrdinalIgnoreCase))
        {
            // A lone fax stream is a transport not spoken here as well; video beside audio is just refused.
            return SdpOutcome.Rejected(media.Kind is "audio" or "image" ? SdpRejection.UnsupportedTransport : SdpRejection.NoAudioStream);
        }

        var address = media.ConnectionUnusable ? null : media.Connection ?? description.Connection;
        if (address is null || IsMulticast(address))
        {
            return SdpOutcome.Rejected(SdpRejection.NoConnectionAddress);
        }

        if (address.AddressFamily != _localRtp.AddressFamily)
        {
            return SdpOutcome.Rejected(SdpRejection.AddressFamilyMismatch);
        }

        var codecs = SdpCodecs.Of(media, _laws);
        return codecs.Audio is { } audio
            ? new SdpOutcome(Build(description, media, address, codecs, audio), SdpRejection.None)
            : SdpOutcome.Rejected(SdpRejection.NoCommonCodec);
    }

    private static NegotiatedAudio Build(
        SessionDescription description, SdpMedia media, IPAddress address, SdpCodecs codecs, (byte PayloadType, G711Law Law) audio)
    {
        var rtcpAddress = media.RtcpAddress is { } own && own.AddressFamily == address.AddressFamily && !IsMulticast(own) ? own : address;
        return new NegotiatedAudio
        {
            RemoteRtp = new IPEndPoint(address, media.Port),
            RemoteRtcp = new IPEndPoint(rtcpAddress, media.RtcpPort ?? Math.Min(media.Port + 1, ushort.MaxValue)),
            PayloadType = audio.PayloadType,
            Law = audio.Law,
            MuPayloadType = codecs.Mu ?? 0,
            APayloadType = codecs.A ?? 8,
            TelephoneEventPayloadType = codecs.TelephoneEvent,
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
