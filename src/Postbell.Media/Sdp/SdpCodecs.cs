using System.Globalization;

namespace Postbell.Media.Sdp;

/// <summary>Which payload types of a media section we can use.</summary>
/// <param name="Audio">The audio to send: first of the section that we speak.</param>
/// <param name="Mu">Payload type of PCMU, when there.</param>
/// <param name="A">Payload type of PCMA, when there.</param>
/// <param name="TelephoneEvent">Payload type of key presses, when there.</param>
internal readonly record struct SdpCodecs((byte PayloadType, G711Law Law)? Audio, byte? Mu, byte? A, byte? TelephoneEvent)
{
    private const int ClockRate = 8000;

    public static SdpCodecs Of(SdpMedia media, IReadOnlyList<G711Law> laws)
    {
        var found = default(SdpCodecs);
        foreach (var format in media.Formats)
        {
            if (!byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var type) || type > 127)
            {
                continue;
            }

            var encoding = EncodingOf(media, type);
            if (LawOf(encoding) is { } law && laws.Contains(law))
            {
                found = found with
                {
                    Audio = found.Audio ?? (type, law),
                    Mu = law == G711Law.Mu ? found.Mu ?? type : found.Mu,
                    A = law == G711Law.A ? found.A ?? type : found.A,
                };
            }
            else if (encoding.Equals("telephone-event", StringComparison.OrdinalIgnoreCase))
            {
                found = found with { TelephoneEvent = found.TelephoneEvent ?? type };
            }
        }

        return found;
    }

    private static string EncodingOf(SdpMedia media, byte type)
    {
        foreach (var map in media.PayloadMaps)
        {
            if (map.PayloadType == type)
            {
                return map.ClockRate == ClockRate ? map.Encoding : "";
            }
        }

        return type switch { 0 => "PCMU", 8 => "PCMA", _ => "" };
    }

    private static G711Law? LawOf(string encoding)
    {
        if (encoding.Equals("PCMU", StringComparison.OrdinalIgnoreCase))
        {
            return G711Law.Mu;
        }

        return encoding.Equals("PCMA", StringComparison.OrdinalIgnoreCase) ? G711Law.A : null;
    }
}
