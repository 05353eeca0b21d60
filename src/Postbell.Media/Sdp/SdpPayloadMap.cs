namespace Postbell.Media.Sdp;

/// <summary>One <c>a=rtpmap</c>: what a payload type number stands for.</summary>
/// <param name="PayloadType">The number, 0 to 127.</param>
/// <param name="Encoding">Name of the encoding, as written; compared without case.</param>
/// <param name="ClockRate">Timestamp units per second.</param>
public readonly record struct SdpPayloadMap(byte PayloadType, string Encoding, int ClockRate);
