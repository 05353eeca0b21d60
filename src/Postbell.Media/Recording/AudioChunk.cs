namespace Postbell.Media.Recording;

/// <summary>
/// A buffer of one recording's audio, filled by an engine thread while the writer thread already reads the published part.
/// Bytes below <see cref="Length"/> never change until the chunk is back in the pool.
/// </summary>
internal sealed class AudioChunk(int capacity)
{
    private int _length;
    private volatile AudioChunk? _next;

    public byte[] Buffer { get; } = new byte[capacity];

    public RecordedFormat Format { get; private set; }

    public ushort Generation { get; private set; }

    /// <summary>Ticks of this generation before the first byte of the chunk.</summary>
    public uint Position { get; private set; }

    /// <summary>The writer's mark: bytes before it are in the journal.</summary>
    public int Consumed { get; set; }

    public int Length => Volatile.Read(ref _length);

    /// <summary>Set by the producer when it is done with this chunk.</summary>
    public AudioChunk? Next
    {
        get => _next;
        set => _next = value;
    }

    /// <summary>Room in bytes, whole ticks.</summary>
    public int Free => Format == RecordedFormat.Wide ? (Buffer.Length - _length) & ~3 : Buffer.Length - _length;

    public uint End => Position + (uint)(_length >> Format.TickShift());

    public void Reset(RecordedFormat format, ushort generation, uint position)
    {
        Format = format;
        Generation = generation;
        Position = position;
        Consumed = 0;
        _next = null;
        Volatile.Write(ref _length, 0);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Buffer.AsSpan(_length));
        Volatile.Write(ref _length, _length + bytes.Length);
    }
}
