using System.Collections.ObjectModel;
using System.Net;
using Postbell.Core;
using Postbell.Media.Codecs;
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

    /// <summary>Codec of the audio we send.</summary>
    public required VoiceCodec Codec { get; init; }

    /// <summary>What payload types mean in packets we receive; 0 is PCMU and 8 PCMA besides. The peer may change between them in the middle.</summary>
    public IReadOnlyDictionary<byte, VoiceCodec> Receives { get; init; } = ReadOnlyDictionary<byte, VoiceCodec>.Empty;

    /// <summary>Payload type of key presses we send (RFC 4733); null when the peer has none.</summary>
    public required byte? TelephoneEventPayloadType { get; init; }

    /// <summary>Clock rate of those key presses: that of the codec where the peer has it.</summary>
    public int TelephoneEventClockRate { get; init; } = 8000;

    /// <summary>Further payload types of key presses we receive, with their clock rates.</summary>
    public IReadOnlyDictionary<byte, int> ReceivesEvents { get; init; } = ReadOnlyDictionary<byte, int>.Empty;

    /// <summary>
    /// Payload type of the comfort noise we send in place of silence (RFC 3389), with the clock of the codec; null when all sound is sent.
    /// </summary>
    public byte? ComfortNoisePayloadType { get; init; }

    /// <summary>Payload types of comfort noise we receive, with their clock rates; 13 is it besides.</summary>
    public IReadOnlyDictionary<byte, int> ReceivesNoise { get; init; } = ReadOnlyDictionary<byte, int>.Empty;

    /// <summary>What the peer asks of our Opus encoder.</summary>
    public OpusParameters Opus { get; init; } = OpusParameters.Default;

    /// <summary>True when both send extended reports with VoIP metrics (RFC 3611).</summary>
    public bool ExtendedReports { get; init; }

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
