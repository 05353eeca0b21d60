using System.Net;
using Postbell.Media.Srtp;

namespace Postbell.Media.Sdp;

/// <summary>What both sides agreed about the audio of a call.</summary>
public sealed record NegotiatedAudio
{
    /// <summary>Where our RTP goes.</summary>
    public required IPEndPoint RemoteRtp { get; init; }

    /// <summary>Where our RTCP goes: the next port, or what <c>a=rtcp</c> says (RFC 3605).</summary>
    public required IPEndPoint RemoteRtcp { get; init; }

    /// <summary>Payload type of the audio we send.</summary>
    public required byte PayloadType { get; init; }

    /// <summary>How the audio we send is companded.</summary>
    public required G711Law Law { get; init; }

    /// <summary>Payload type of PCMU in packets we receive; 0 unless the peer maps another.</summary>
    public byte MuPayloadType { get; init; }

    /// <summary>Payload type of PCMA in packets we receive; 8 unless the peer maps another.</summary>
    public byte APayloadType { get; init; } = 8;

    /// <summary>Payload type of key presses (RFC 4733); null when the peer has none.</summary>
    public required byte? TelephoneEventPayloadType { get; init; }

    /// <summary>The keys of an encrypted call; null in clear.</summary>
    public SrtpKeys? Srtp { get; init; }

    /// <summary>Our direction: <see cref="MediaDirection.RecvOnly"/> or <see cref="MediaDirection.Inactive"/> when the peer put us on hold.</summary>
    public required MediaDirection Direction { get; init; }

    /// <summary>Milliseconds of audio in each packet we send, 10 to 60.</summary>
    public required int Ptime { get; init; }

    /// <summary>Our description to send: the answer, or empty when it was the peer who answered.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when the call is on hold: nothing is recorded, silence does not count.</summary>
    public bool IsHeld => Direction != MediaDirection.SendRecv;

    /// <summary>True when audio may be sent.</summary>
    public bool MaySend => Direction is MediaDirection.SendRecv or MediaDirection.SendOnly;
}
