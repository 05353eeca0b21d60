namespace Postbell.Media.Engine;

/// <summary>Datagrams taken from a port in one go; reused for the next.</summary>
internal class PacketBatch
{
    /// <summary>Most datagrams of one go.</summary>
    public const int Capacity = 8;

    /// <summary>Longest datagram; a longer one is reported as truncated. Audio of 200 ms needs 1612 bytes.</summary>
    public const int PacketBytes = 2048;

    private readonly int[] _lengths = new int[Capacity];
    private readonly long[] _arrivals = new long[Capacity];
    private readonly PeerAddress[] _sources = new PeerAddress[Capacity];

    protected byte[] Buffer { get; } = GC.AllocateArray<byte>(Capacity * PacketBytes, pinned: true);

    /// <summary>The bytes of a datagram; empty when it was truncated.</summary>
    public ReadOnlySpan<byte> Packet(int index) => Buffer.AsSpan(index * PacketBytes, _lengths[index]);

    /// <summary>Who sent it.</summary>
    public ref readonly PeerAddress Source(int index) => ref _sources[index];

    /// <summary>When the system took it, in nanoseconds of Unix time; 0 when not known.</summary>
    public long ArrivalUnixNs(int index) => _arrivals[index];

    /// <summary>Where a port writes a datagram.</summary>
    public Span<byte> Slot(int index) => Buffer.AsSpan(index * PacketBytes, PacketBytes);

    /// <summary>Says what was written.</summary>
    public void Set(int index, int length, in PeerAddress source, long arrivalUnixNs)
    {
        _lengths[index] = length;
        _sources[index] = source;
        _arrivals[index] = arrivalUnixNs;
    }
}
