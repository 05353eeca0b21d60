namespace Postbell.Media.Tones;

/// <summary>Ring-back tones as people know them from their country (ITU-T E.180, supplement 2): what a caller hears while somebody else's telephone rings.</summary>
public static class RingBackTones
{
    private const double Level = -18;

    private static readonly Lazy<AudioClip> s_northAmerica = new(static () => Make(2000, 4000, 440, 480));
    private static readonly Lazy<AudioClip> s_france = new(static () => Make(1500, 3500, 440));
    private static readonly Lazy<AudioClip> s_spain = new(static () => Make(1500, 3000, 425));
    private static readonly Lazy<AudioClip> s_fiveSeconds = new(static () => Make(1000, 5000, 425));
    private static readonly Lazy<AudioClip> s_doubleRing = new(static () => Twice(400, 450));

    /// <summary>One period of a country's tone; <see cref="PlayList.Looped"/> repeats it.</summary>
    /// <param name="country">Two letters (ISO 3166), in any case; null or one that is not known gets 425 Hz, 1 s on and 4 s off, as in most of Europe.</param>
    public static AudioClip For(string? country) => country?.ToUpperInvariant() switch
    {
        "US" or "CA" or "PR" or "JM" or "BS" => s_northAmerica.Value,
        "GB" or "IE" or "AU" or "NZ" or "ZA" or "IN" or "HK" or "SG" or "MY" => s_doubleRing.Value,
        "FR" => s_france.Value,
        "ES" => s_spain.Value,
        "AT" or "SE" => s_fiveSeconds.Value,
        _ => Tone.RingBack,
    };

    private static AudioClip Make(int onMs, int offMs, params ReadOnlySpan<double> frequencies) =>
        ToneGenerator.Generate(TimeSpan.FromMilliseconds(onMs), TimeSpan.FromMilliseconds(offMs), Level, frequencies);

    private static AudioClip Twice(params ReadOnlySpan<double> frequencies)
    {
        var first = Make(400, 200, frequencies).ToPcm();
        var second = Make(400, 2000, frequencies).ToPcm();
        return AudioClip.FromPcm(new Core.PcmAudio((short[])[.. first.Samples.Span, .. second.Samples.Span], first.SampleRate));
    }
}
