using Postbell.Media.Jitter;

namespace Postbell.Media.Bridging;

/// <summary>
/// Carries packets from one engine thread to another without a lock: one writer, one reader, a fixed number of places. When the reader falls behind, new
/// packets are dropped.
/// </summary>
internal sealed class BridgeRing
{
    /// <summary>Places: 600 ms of packets of 20 ms.</summary>
    public const int Capacity = 32;

    private readonly byte[] _payloads = new byte[Capacity * FrameStore.MaxPayload];
    private readonly BridgePacket[] _packets = new BridgePacket[Capacity];
    private int _written;
    private int _read;
    private volatile bool _isHeld;
    private volatile bool _takesEvents;

    /// <summary>True while the peer that speaks holds the call. Any thread.</summary>
    public bool IsHeld
    {
        get => _isHeld;
        set => _isHeld = value;
    }

    /// <summary>True while the peer that hears takes keys as events. Any thread.</summary>
    public bool TakesEvents
    {
        get => _takesEvents;
        set => _takesEvents = value;
    }

    /// <summary>Adds a packet; false when it is full or the payload too long. Writer only.</summary>
    public bool TryWrite(in BridgePacket packet, ReadOnlySpan<byte> payload)
    {
        var written = _written;
        if (written - Volatile.Read(ref _read) == Capacity || payload.Length > FrameStore.MaxPayload)
        {
            return false;
        }

        var place = written & (Capacity - 1);
        _packets[place] = packet;
        payload.CopyTo(_payloads.AsSpan(place * FrameStore.MaxPayload));
        Volatile.Write(ref _written, written + 1);
        return true;
    }

    /// <summary>Looks at the oldest packet; its payload is valid until <see cref="Release"/>. Reader only.</summary>
    public bool TryPeek(out BridgePacket packet, out ReadOnlySpan<byte> payload)
    {
        var read = _read;
        if (read == Volatile.Read(ref _written))
        {
            packet = default;
            payload = default;
            return false;
        }

        var place = read & (Capacity - 1);
        packet = _packets[place];
        payload = _payloads.AsSpan(place * FrameStore.MaxPayload, packet.Length);
        return true;
    }

    /// <summary>Gives the place of the oldest packet free. Reader only.</summary>
    public void Release() => Volatile.Write(ref _read, _read + 1);
}
