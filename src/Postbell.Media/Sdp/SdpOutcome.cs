using System.Diagnostics.CodeAnalysis;

namespace Postbell.Media.Sdp;

/// <summary>Result of a negotiation: agreed audio, or the reason why there is none.</summary>
/// <param name="Audio">What was agreed; null when rejected.</param>
/// <param name="Rejection">Why not; <see cref="SdpRejection.None"/> when agreed.</param>
public readonly record struct SdpOutcome(NegotiatedAudio? Audio, SdpRejection Rejection)
{
    /// <summary>True when audio was agreed.</summary>
    [MemberNotNullWhen(true, nameof(Audio))]
    public bool IsAgreed => Audio is not null;

    internal static SdpOutcome Rejected(SdpRejection rejection) => new(null, rejection);
}
