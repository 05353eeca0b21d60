using Postbell.Core;

namespace Postbell.Media.Codecs;

/// <summary>Which codecs this machine has, and how to make them.</summary>
public static class CodecSupport
{
    private static readonly Lazy<VoiceCodec[]> s_available = new(static () => [.. Enum.GetValues<VoiceCodec>().Where(IsAvailable)]);

    /// <summary>Codecs that can be spoken; G.711 always.</summary>
    public static IReadOnlyList<VoiceCodec> Available => s_available.Value;

    /// <summary>True when calls can speak a codec: its library is installed, or it needs none.</summary>
    public static bool IsAvailable(this VoiceCodec codec) => codec switch
    {
        VoiceCodec.G722 => SpandspLibrary.IsAvailable,
        VoiceCodec.Opus => OpusLibrary.IsAvailable,
        _ => true,
    };

    /// <summary>File name of the library that a codec needs; null when none.</summary>
    public static string? Library(this VoiceCodec codec) => codec switch
    {
        VoiceCodec.G722 => SpandspLibrary.Name,
        VoiceCodec.Opus => OpusLibrary.Name,
        _ => null,
    };

    /// <summary>Debian's name of the package with that library; null when none.</summary>
    public static string? Package(this VoiceCodec codec) => codec switch
    {
        VoiceCodec.G722 => "libspandsp2",
        VoiceCodec.Opus => "libopus0",
        _ => null,
    };

    /// <summary>A decoder for one stream. Its library must be there.</summary>
    internal static IAudioDecoder CreateDecoder(VoiceCodec codec) => codec switch
    {
        VoiceCodec.G722 => new G722Decoder(),
        VoiceCodec.Opus => new OpusDecoder(),
        _ => new G711Stream(codec.LawOf()!.Value),
    };

    /// <summary>An encoder for one stream. Its library must be there.</summary>
    internal static IAudioEncoder CreateEncoder(VoiceCodec codec, OpusParameters wishes) => codec switch
    {
        VoiceCodec.G722 => new G722Encoder(),
        VoiceCodec.Opus => OpusEncoder.ForCall(wishes),
        _ => new G711Stream(codec.LawOf()!.Value),
    };
}
