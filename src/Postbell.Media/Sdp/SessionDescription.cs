using System.Net;

namespace Postbell.Media.Sdp;

/// <summary>A session description (RFC 4566) as far as telephony needs it. Lines it does not know are passed over.</summary>
public sealed record SessionDescription
{
    /// <summary>Longest description read, in bytes.</summary>
    public const int MaxBytes = 16384;

    /// <summary>Most lines read.</summary>
    public const int MaxLines = 512;

    /// <summary>Most media sections read.</summary>
    public const int MaxStreams = 16;

    /// <summary>Most formats of one media section.</summary>
    public const int MaxFormats = 64;

    /// <summary>Address of the session; null when only the media sections have one.</summary>
    public IPAddress? Connection { get; internal set; }

    /// <summary>Direction of sections that have none of their own.</summary>
    public MediaDirection Direction { get; internal set; } = MediaDirection.SendRecv;

    /// <summary>The session as a whole takes extended reports with VoIP metrics (RFC 3611).</summary>
    public bool VoipMetrics { get; internal set; }

    /// <summary>The media sections, in order.</summary>
    public IReadOnlyList<SdpMedia> Media => Streams;

    internal List<SdpMedia> Streams { get; } = [];

    /// <summary>Reads a description. Never throws on what a peer sent.</summary>
    /// <returns>The description and <see cref="SdpRejection.None"/>, or null and the reason.</returns>
    public static (SessionDescription? Description, SdpRejection Rejection) Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return (null, SdpRejection.Empty);
        }

        if (bytes.Length > MaxBytes)
        {
            return (null, SdpRejection.TooLong);
        }

        var parser = new SdpParser();
        var rejection = parser.Run(bytes);
        return rejection == SdpRejection.None ? (parser.Description, rejection) : (null, rejection);
    }
}
