using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Media.Srtp;

namespace Postbell.Media.Sdp;

/// <summary>Writes our descriptions. The version of the <c>o=</c> line goes up by one whenever the rest of the text differs from the last one sent.</summary>
internal sealed class SdpComposer(IPEndPoint local, ulong sessionId)
{
    /// <summary>Transport of audio in clear.</summary>
    public const string PlainTransport = "RTP/AVP";

    /// <summary>Transport of encrypted audio.</summary>
    public const string SecureTransport = "RTP/SAVP";

    private const byte OfferedTelephoneEvent = 101;

    private string _last = "";
    private ulong _version;

    public byte[] Offer(IReadOnlyList<G711Law> laws, IReadOnlyList<SdpCrypto> keys, MediaDirection direction)
    {
        var text = new StringBuilder();
        var types = laws.Select(law => (Type: law == G711Law.A ? (byte)8 : (byte)0, Law: law)).ToArray();
        Line(text, $"m=audio {local.Port} {(keys.Count > 0 ? SecureTransport : PlainTransport)} {string.Join(' ', types.Select(t => t.Type))} {OfferedTelephoneEvent}");
        foreach (var (type, law) in types)
        {
            Map(text, type, law);
        }

        foreach (var key in keys)
        {
            Key(text, key);
        }

        AudioAttributes(text, OfferedTelephoneEvent, 20, direction);
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
            Map(text, audio.PayloadType, audio.Law);
            if (key is not null)
            {
                Key(text, key);
            }

            AudioAttributes(text, audio.TelephoneEventPayloadType, audio.Ptime, audio.Direction);
        }

        return Complete(text);
    }

    private static string Formats(NegotiatedAudio audio) => audio.TelephoneEventPayloadType is { } events
        ? string.Create(CultureInfo.InvariantCulture, $"{audio.PayloadType} {events}")
        : audio.PayloadType.ToString(CultureInfo.InvariantCulture);

    private static void Map(StringBuilder text, byte type, G711Law law) => Line(text, $"a=rtpmap:{type} {(law == G711Law.A ? "PCMA" : "PCMU")}/8000");

    private static void Key(StringBuilder text, SdpCrypto key) => Line(text, $"a=crypto:{key.Tag} {key.Key.Suite.Name()} inline:{key.Key.ToBase64()}");

    private static void AudioAttributes(StringBuilder text, byte? telephoneEvent, int ptime, MediaDirection direction)
    {
        if (telephoneEvent is { } type)
        {
            Line(text, $"a=rtpmap:{type} telephone-event/8000");
            Line(text, $"a=fmtp:{type} 0-15");
        }

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
