using Postbell.Core;

namespace Postbell.Media.Quality;

/// <summary>
/// How a codec sounds and how well it bears losses: planning values of ITU-T G.113, on the scale of the E-model that belongs to its band (narrow G.107,
/// wide G.107.1).
/// </summary>
/// <param name="Equipment">Ie or Ie,wb: impairment without losses, 0 for G.711.</param>
/// <param name="Robustness">Bpl: how well it bears lost packets; more is better.</param>
/// <param name="IsWide">True for a codec of the wide band, whose ratings go up to 129.</param>
public readonly record struct CodecImpairment(double Equipment, double Robustness, bool IsWide = false)
{
    /// <summary>G.711 whose losses become silence (G.113, appendix I).</summary>
    public static readonly CodecImpairment G711WithoutConcealment = new(0, 4.3);

    /// <summary>G.711 whose losses are concealed, as we conceal them (G.113, appendix I).</summary>
    public static readonly CodecImpairment G711Concealed = new(0, 25.1);

    /// <summary>
    /// G.722 at 64 kbit/s: Ie,wb of G.113, table IV.1. There is no Bpl of it; that of the codec with the same Ie,wb stands in (G.722.2 at 12.65 kbit/s,
    /// table IV.4).
    /// </summary>
    public static readonly CodecImpairment G722 = new(13, 4.3, IsWide: true);

    /// <summary>
    /// Opus of the wide band at 20 kbit/s and more. The ITU has no values. Listening tests (draft-ietf-codec-results, section 2) put it at or above G.722.2 of
    /// 19.85 kbit/s, so that one's Ie,wb holds (G.113, table IV.1); Bpl is what Alahmadi (2021) derived for wideband Opus with random losses.
    /// </summary>
    public static readonly CodecImpairment Opus = new(3, 19.5, IsWide: true);

    /// <summary>The values of a codec as received here.</summary>
    public static CodecImpairment Of(VoiceCodec codec) => codec switch
    {
        VoiceCodec.G722 => G722,
        VoiceCodec.Opus => Opus,
        _ => G711Concealed,
    };
}
