using Postbell.Core;
using Postbell.Media.Srtp;

namespace Postbell.Media.Sdp;

/// <summary>What a negotiation may do about encryption.</summary>
public sealed record SdpSecurity
{
    /// <summary>Everything in clear.</summary>
    public static readonly SdpSecurity None = new() { Mode = MediaSecurity.Forbidden };

    /// <summary>Whether calls with the peer are encrypted.</summary>
    public required MediaSecurity Mode { get; init; }

    /// <summary>Keys may be written into descriptions: signalling is encrypted, or the configuration does not mind.</summary>
    public bool MaySendKeys { get; init; }

    /// <summary>Suites that can be used, in our order of preference.</summary>
    public IReadOnlyList<SrtpSuite> Suites { get; init; } = SrtpSupport.Suites;

    /// <summary>Why SRTP cannot be agreed; <see cref="SdpRejection.None"/> when it can.</summary>
    internal SdpRejection Obstacle => this switch
    {
        { Mode: MediaSecurity.Forbidden } => SdpRejection.SecurityForbidden,
        { Suites.Count: 0 } => SdpRejection.SecurityUnavailable,
        { MaySendKeys: false } => SdpRejection.KeysInClear,
        _ => SdpRejection.None,
    };
}
