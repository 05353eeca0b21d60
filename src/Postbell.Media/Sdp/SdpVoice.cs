using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Sdp;

/// <summary>Which codecs a negotiation may agree on.</summary>
public sealed record SdpVoice
{
    /// <summary>G.711 alone.</summary>
    public static readonly SdpVoice Narrow = new() { Codecs = [VoiceCodec.Pcmu, VoiceCodec.Pcma] };

    /// <summary>All codecs, the best first.</summary>
    public static readonly SdpVoice All = new() { Codecs = [VoiceCodec.Opus, VoiceCodec.G722, VoiceCodec.Pcmu, VoiceCodec.Pcma] };

    /// <summary>Codecs spoken, in our order of preference; those whose library is missing are left out.</summary>
    public required IReadOnlyList<VoiceCodec> Codecs
    {
        get;
        init => field = [.. value.Where(CodecSupport.IsAvailable)];
    }

    /// <summary>
    /// False answers with the first codec of the offer that is spoken, as RFC 3264, 6.1 asks; true with the first of <see cref="Codecs"/> that is offered.
    /// </summary>
    public bool OursFirst { get; init; }

    /// <summary>
    /// True when silent stretches of what we play need not be sent: comfort noise is agreed where the peer has it (RFC 3389), and Opus sends nothing where
    /// the peer asks for that.
    /// </summary>
    public bool SilenceSuppression { get; init; }
}
