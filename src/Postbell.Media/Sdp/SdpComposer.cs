using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Srtp;

namespace Postbell.Media.Sdp;

/// <summary>Writes our descriptions. The version of the <c>o=</c> line goes up by one whenever the rest of the text differs from the last one sent.</summary>
internal sealed class SdpComposer(IPEndPoint local, ulong sessionId)
{
    /// <summary>Transport of audio in clear.</summary>
    public const string PlainTransport = "RTP/AVP";

    /// <summary>Transport of encrypted audio.</summary>
    public const string SecureTransport = "RTP/SAVP";

    /// <summary>Payload type of key presses in our offers.</summary>
    public const byte OfferedTelephoneEvent = 101;

    /// <summary>Payload type of key presses beside Opus in our offers.</summary>
    public const byte OfferedOpusTelephoneEvent = 102;

    private const byte OfferedOpus = 107;

    private string _last = "";
    private ulong _version;

    /// <summary>Payload type of a codec in our offers.</summary>
    public static byte OfferedType(VoiceCodec codec) => codec.StaticPayloadType() ?? OfferedOpus;

    public byte[] Offer(SdpVoice voice, IReadOnlyList<SdpCrypto> keys, MediaDirection direction)
    {
        var text = new StringBuilder();
        var codecs = voice.Codecs;
        var events = EventsBeside(codecs);
        byte[] noise = voice.SilenceSuppression ? [SdpCodecs.ComfortNoise] : [];
        var types = codecs.Select(OfferedType).Concat(noise).Concat(events.Select(e => e.Type));
        Line(text, $"m=audio {local.Port} {(keys.Count > 0 ? SecureTransport : PlainTransport)} {string.Join(' ', types)}");
        foreach (var codec in codecs)
        {
            Map(text, OfferedType(codec), codec);
        }

        foreach (var type in noise)
        {
            Noise(text, type);
        }

        foreach (var key in keys)
        {
            Key(text, key);
        }

        foreach (var (type, clockRate) in events)
        {
            Events(text, type, clockRate);
        }

        ExtendedReports(text);
        AudioAttributes(text, 20, direction);
        return Complete(text);
    }

    public byte[] Answer(SessionDescription offer, int accepted, NegotiatedAudio audio, SdpCrypto? key)
    {
        var text = new StringBuilder();
        for (var i = 0; i < offer.Media.Count; i++)
        {
            var media = offer.Media[i];
            if (i != accepted)
            {
                Line(text, $"m={media.Kind} 0 {media.Transport} {string.Join(' ', media.Formats)}");
                continue;
            }

            Line(text, $"m=audio {local.Port} {media.Transport} {Formats(audio)}");
            Map(text, audio.PayloadType, audio.Codec);
            if (audio.ComfortNoisePayloadType is { } noise)
            {
                Noise(text, noise);
            }

            if (key is not null)
            {
                Key(text, key);
            }

            if (audio.TelephoneEventPayloadType is { } type)
            {
                Events(text, type, audio.TelephoneEventClockRate);
            }

            if (audio.ExtendedReports)
            {
                ExtendedReports(text);
            }

            AudioAttributes(text, audio.Ptime, audio.Direction);
        }

        return Complete(text);
    }

    private static string Formats(NegotiatedAudio audio)
    {
        var noise = audio.ComfortNoisePayloadType is { } type ? FormattableString.Invariant($" {type}") : "";
        var events = audio.TelephoneEventPayloadType is { } press ? FormattableString.Invariant($" {press}") : "";
        return FormattableString.Invariant($"{audio.PayloadType}{noise}{events}");
    }

    /// <summary>Key presses with the clock of each codec.</summary>
    private static (byte Type, int ClockRate)[] EventsBeside(IReadOnlyList<VoiceCodec> codecs)
    {
        var narrow = (OfferedTelephoneEvent, VoiceCodec.Pcmu.ClockRate());
        return codecs.Contains(VoiceCodec.Opus) ? [narrow, (OfferedOpusTelephoneEvent, VoiceCodec.Opus.ClockRate())] : [narrow];
    }

    private static void Map(StringBuilder text, byte type, VoiceCodec codec)
    {
        var channels = codec.Channels() > 1 ? FormattableString.Invariant($"/{codec.Channels()}") : "";
        Line(text, $"a=rtpmap:{type} {codec.Name()}/{codec.ClockRate()}{channels}");
        if (codec == VoiceCodec.Opus)
        {
            Line(text, $"a=fmtp:{type} {SdpOpusParameters.Ours}");
        }
    }

    /// <summary>Comfort noise beside G.711 and G.722, whose clock is 8000.</summary>
    private static void Noise(StringBuilder text, byte type) => Line(text, $"a=rtpmap:{type} {SdpCodecs.NoiseName}/{VoiceCodec.Pcmu.ClockRate()}");

    private static void Events(StringBuilder text, byte type, int clockRate)
    {
        Line(text, $"a=rtpmap:{type} telephone-event/{clockRate}");
        Line(text, $"a=fmtp:{type} 0-15");
    }

    private static void ExtendedReports(StringBuilder text) => Line(text, $"a=rtcp-xr:voip-metrics");

    private static void Key(StringBuilder text, SdpCrypto key) => Line(text, $"a=crypto:{key.Tag} {key.Key.Suite.Name()} inline:{key.Key.ToBase64()}");

    private static void AudioAttributes(StringBuilder text, int ptime, MediaDirection direction)
    {
        Line(text, $"a=ptime:{ptime}");
        Line(text, $"a={direction.ToString().ToLowerInvariant()}");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(FormattableString.Invariant(line)).Append("\r\n");

    private byte[] Complete(StringBuilder media)
    {
        var rest = media.ToString();
        if (rest != _last)
        {
            _last = rest;
            _version++;
        }

        var address = $"IN {(local.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4")} {local.Address}";
        var text = new StringBuilder();
        Line(text, $"v=0");
        Line(text, $"o=postbell {sessionId} {_version} {address}");
        Line(text, $"s=-");
        Line(text, $"c={address}");
        Line(text, $"t=0 0");
        return Encoding.ASCII.GetBytes(text.Append(rest).ToString());
    }
}
