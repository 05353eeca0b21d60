using Postbell.Core;

namespace Postbell.Media.Quality;

/// <summary>How a codec sounds (ITU-T G.113 appendix I).</summary>
/// <param name="Equipment">Ie: impairment without losses, 0 for G.711.</param>
/// <param name="Robustness">Bpl: how well it bears lost packets; more is better.</param>
public readonly record struct CodecImpairment(double Equipment, double Robustness)
{
    /// <summary>G.711 whose losses become silence.</summary>
    public static readonly CodecImpairment G711WithoutConcealment = new(0, 4.3);

    /// <summary>G.711 whose losses are concealed, as we conceal them.</summary>
    public static readonly CodecImpairment G711Concealed = new(0, 25.1);

    /// <summary>The values of a codec as received here. G.722 and Opus have none on the scale of narrow-band telephony; they are taken for G.711.</summary>
    public static CodecImpairment Of(VoiceCodec codec) => codec switch
    {
        VoiceCodec.Pcmu or VoiceCodec.Pcma or VoiceCodec.G722 or VoiceCodec.Opus => G711Concealed,
        _ => G711WithoutConcealment,
    };
}
