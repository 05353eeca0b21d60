using System.Buffers.Binary;
using Postbell.Media.Jitter;
using Postbell.Media.Rtp;

namespace Postbell.Media.Bridging;

/// <summary>The end of a bridge at the leg that speaks: puts its packets into the ring. Used by that leg's engine thread.</summary>
/// <param name="ring">Leads to the other leg.</param>
/// <param name="passKeys">True when the other leg may hear of keys.</param>
internal sealed class BridgeInlet(BridgeRing ring, bool passKeys)
{
    private byte _stream;
    private BridgeDelay? _delay;
    private bool _isKeyAudible;

    // The packet that is on its way here holds the end of the key.
    private bool _endsInPacket;

    /// <summary>Bytes of a key press in the ring: event number, then its length in ms.</summary>
    public const int PressBytes = 3;

    /// <summary>True when the peer presses keys as sound: it has no telephone-events.</summary>
    public bool HearsKeys { get; set; }

    /// <summary>True when a key in the sound reaches the other leg as an event.</summary>
    public bool TranslatesKeys => HearsKeys && passKeys && ring.TakesEvents;

    /// <summary>True while a key is audible in the sound of a peer without telephone-events.</summary>
    public bool IsKeyAudible
    {
        set
        {
            _isKeyAudible = value;
            if (value)
            {
                _delay?.Mute();
            }
            else
            {
                _endsInPacket = true;
            }
        }
    }

    /// <summary>Keys in the sound must not reach the other leg as sound.</summary>
    private bool WithholdsKeys => HearsKeys && (!passKeys || ring.TakesEvents);

    /// <summary>True while the peer holds the call.</summary>
    public bool IsHeld
    {
        set => ring.IsHeld = value;
    }

    /// <summary>The peer begins another stream.</summary>
    public void OnStreamChanged() => _stream++;

    /// <summary>Takes a packet of the peer, as it came: in whatever order.</summary>
    public void OnPacket(in RtpPacket packet, PayloadKind kind, long nowNs)
    {
        if (kind == PayloadKind.Unknown)
        {
            return;
        }

        // Event packets only say that there is a pause in the voice: the press itself follows when it has ended.
        var isVoice = kind.IsVoice();
        var payload = isVoice || kind == PayloadKind.ComfortNoise ? packet.Payload
            : kind == PayloadKind.WideComfortNoise && !packet.Payload.IsEmpty ? packet.Payload[..1] : [];
        var item = new BridgePacket(isVoice ? kind : PayloadKind.ComfortNoise, _stream, packet.Sequence, packet.Timestamp, payload.Length);
        if (!WithholdsKeys)
        {
            _delay?.Flush(ring);
            ring.TryWrite(item, payload);
        }
        else if (payload.Length <= FrameStore.MaxPayload)
        {
            _delay ??= new BridgeDelay();
            _delay.Add(_isKeyAudible || _endsInPacket ? item.AsPause() : item, payload, ring, nowNs);
        }

        _endsInPacket = false;
    }

    /// <summary>Lets go what was held back long enough.</summary>
    public void Release(long nowNs) => _delay?.Release(ring, nowNs);

    /// <summary>Takes a key press that ended, however the peer told it; presses in the sound only where <see cref="TranslatesKeys"/>.</summary>
    public void OnPress(char key, int durationMs)
    {
        if (!passKeys || TelephoneEvent.EventOf(key) is not { } code)
        {
            return;
        }

        Span<byte> press = stackalloc byte[PressBytes];
        press[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(press[1..], (ushort)Math.Clamp(durationMs, 0, ushort.MaxValue));
        ring.TryWrite(new BridgePacket(PayloadKind.TelephoneEvent, _stream, 0, 0, PressBytes), press);
    }
}
