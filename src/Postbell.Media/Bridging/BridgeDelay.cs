using Postbell.Media.Jitter;

namespace Postbell.Media.Bridging;

/// <summary>
/// Holds the sound of a peer that presses keys as sound back for as long as it takes to know a key, so that not even its beginning is heard on the other side.
/// Room is taken when it is first used.
/// </summary>
internal sealed class BridgeDelay
{
    /// <summary>How long a packet waits: the detector needs 40 ms of a key, and sees whole packets.</summary>
    public const long WaitNs = 80_000_000;

    // 80 ms of packets of 10 ms and what their jitter adds.
    private const int Capacity = 16;

    private readonly byte[] _payloads = new byte[Capacity * FrameStore.MaxPayload];
    private readonly (BridgePacket Packet, long At)[] _waiting = new (BridgePacket, long)[Capacity];
    private int _first;
    private int _count;

    /// <summary>Takes a packet in; one too many pushes the oldest out into the ring.</summary>
    public void Add(in BridgePacket packet, ReadOnlySpan<byte> payload, BridgeRing ring, long nowNs)
    {
        if (_count == Capacity)
        {
            LetGo(ring);
        }

        var place = (_first + _count++) % Capacity;
        _waiting[place] = (packet, nowNs);
        payload.CopyTo(_payloads.AsSpan(place * FrameStore.MaxPayload, FrameStore.MaxPayload));
    }

    /// <summary>Lets packets go that have waited long enough.</summary>
    public void Release(BridgeRing ring, long nowNs)
    {
        while (_count > 0 && nowNs - _waiting[_first].At >= WaitNs)
        {
            LetGo(ring);
        }
    }

    /// <summary>Lets all go.</summary>
    public void Flush(BridgeRing ring)
    {
        while (_count > 0)
        {
            LetGo(ring);
        }
    }

    /// <summary>What waits becomes a pause.</summary>
    public void Mute()
    {
        for (var i = 0; i < _count; i++)
        {
            ref var waiting = ref _waiting[(_first + i) % Capacity];
            waiting.Packet = waiting.Packet.AsPause();
        }
    }

    private void LetGo(BridgeRing ring)
    {
        var (packet, _) = _waiting[_first];
        ring.TryWrite(packet, _payloads.AsSpan(_first * FrameStore.MaxPayload, packet.Length));
        _first = (_first + 1) % Capacity;
        _count--;
    }
}
