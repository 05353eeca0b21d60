namespace Postbell.Media.Rtp;

/// <summary>Keeps a few packets that came before their predecessors. Its memory is taken when the first such packet comes, then kept.</summary>
internal sealed class ReorderBuffer
{
    /// <summary>How many sequence numbers ahead may wait.</summary>
    public const int Capacity = 16;

    /// <summary>Longest payload that waits: 200 ms of G.711.</summary>
    public const int MaxPayload = 1600;

    private readonly Slot[] _slots = new Slot[Capacity];

    /// <summary>Packets that wait.</summary>
    public int Count { get; private set; }

    /// <summary>When the first of the waiting packets came.</summary>
    public long OldestNs { get; private set; }

    /// <summary>Keeps a copy of a packet; false when it is there already.</summary>
    public bool TryAdd(in RtpPacket packet, PayloadKind kind, long nowNs)
    {
        ref var slot = ref _slots[packet.Sequence % Capacity];
        if (slot.Used)
        {
            return false;
        }

        slot.Payload ??= new byte[MaxPayload];
        packet.Payload.CopyTo(slot.Payload);
        slot.Length = packet.Payload.Length;
        slot.Kind = kind;
        slot.Timestamp = packet.Timestamp;
        slot.Used = true;
        OldestNs = Count == 0 ? nowNs : OldestNs;
        Count++;
        return true;
    }

    /// <summary>Takes the packet with a sequence number out; its payload is valid until the next packet is added.</summary>
    public bool TryTake(ushort sequence, out PayloadKind kind, out uint timestamp, out ReadOnlySpan<byte> payload)
    {
        ref var slot = ref _slots[sequence % Capacity];
        kind = slot.Kind;
        timestamp = slot.Timestamp;
        payload = slot.Used ? slot.Payload.AsSpan(0, slot.Length) : [];
        if (!slot.Used)
        {
            return false;
        }

        slot.Used = false;
        Count--;
        return true;
    }

    private struct Slot
    {
        public byte[]? Payload;
        public int Length;
        public uint Timestamp;
        public PayloadKind Kind;
        public bool Used;
    }
}
