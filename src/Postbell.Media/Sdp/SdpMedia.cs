using System.Net;

namespace Postbell.Media.Sdp;

/// <summary>One media section of a description: an <c>m=</c> line with what follows it.</summary>
public sealed record SdpMedia
{
    /// <summary>What it is: <c>audio</c>, <c>video</c>, <c>image</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>Port where its sender wants to receive; 0 means refused.</summary>
    public required int Port { get; init; }

    /// <summary>For instance <c>RTP/AVP</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>Formats in order of preference; payload type numbers for RTP.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>Its own address; null when the one of the session holds.</summary>
    public IPAddress? Connection { get; internal set; }

    /// <summary>True when it has a connection line that names no IP address.</summary>
    public bool ConnectionUnusable { get; internal set; }

    /// <summary>Its own direction; null when the one of the session holds.</summary>
    public MediaDirection? Direction { get; internal set; }

    /// <summary>Milliseconds of media per packet its sender would like; null when not said.</summary>
    public int? Ptime { get; internal set; }

    /// <summary>Most milliseconds per packet its sender can take; null when not said.</summary>
    public int? MaxPtime { get; internal set; }

    /// <summary>Port of its RTCP (RFC 3605); null for the port after RTP.</summary>
    public int? RtcpPort { get; internal set; }

    /// <summary>Address of its RTCP; null for that of RTP.</summary>
    public IPAddress? RtcpAddress { get; internal set; }

    /// <summary>True when its sender takes extended reports with VoIP metrics (<c>a=rtcp-xr:voip-metrics</c>, RFC 3611).</summary>
    public bool VoipMetrics { get; internal set; }

    /// <summary>What the payload types stand for.</summary>
    public IReadOnlyList<SdpPayloadMap> PayloadMaps => Maps;

    /// <summary>The keys offered for it that can be used, in order of preference.</summary>
    internal List<SdpCrypto> Cryptos { get; } = [];

    internal List<SdpPayloadMap> Maps { get; } = [];

    internal List<(byte PayloadType, string Text)> Parameters { get; } = [];

    /// <summary>The <c>a=fmtp</c> of a payload type; empty when it has none.</summary>
    internal string ParametersOf(byte payloadType) => Parameters.Find(p => p.PayloadType == payloadType).Text ?? "";
}
