using Postbell.Core;

namespace Postbell.Media.Jitter;

/// <summary>Packets that wait to be played, in the order of their positions. Room for a place is taken when it is first used, then kept.</summary>
internal sealed class FrameStore
{
    /// <summary>Most packets that wait.</summary>
    public const int Capacity = 64;

    /// <summary>Longest payload.</summary>
    public const int MaxPayload = 1600;

    private readonly byte[]?[] _rooms = new byte[]?[Capacity];
    private readonly Frame[] _frames = new Frame[Capacity];

    /// <summary>Packets that wait.</summary>
    public int Count { get; private set; }

    /// <summary>The first of them; there must be one.</summary>
    public ref readonly Frame First => ref _frames[0];

    /// <summary>Its payload, valid until the next is added.</summary>
    public ReadOnlySpan<byte> FirstPayload => _rooms[_frames[0].Room].AsSpan(0, _frames[0].Length);

    /// <summary>The position of the last of them.</summary>
    public long LastPosition => _frames[Count - 1].Position;

    /// <summary>Puts a packet in its place; false when one of that position is there, when it is too long, or when there is no room.</summary>
    public bool TryAdd(long position, ushort sequence, VoiceCodec? codec, ReadOnlySpan<byte> payload)
    {
        if (Count == Capacity || payload.Length > MaxPayload)
        {
            return false;
        }

        var at = Count;
        while (at > 0 && _frames[at - 1].Position >= position)
        {
            at--;
        }

        if (at < Count && _frames[at].Position == position)
        {
            return false;
        }

        var room = FreeRoom();
        var bytes = _rooms[room] ??= new byte[MaxPayload];
        payload.CopyTo(bytes);
        Array.Copy(_frames, at, _frames, at + 1, Count - at);
        _frames[at] = new Frame(position, sequence, codec, payload.Length, room);
        Count++;
        return true;
    }

    /// <summary>Forgets the first.</summary>
    public void RemoveFirst()
    {
        Count--;
        Array.Copy(_frames, 1, _frames, 0, Count);
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    private int FreeRoom()
    {
        ulong used = 0;
        for (var i = 0; i < Count; i++)
        {
            used |= 1UL << _frames[i].Room;
        }

        return System.Numerics.BitOperations.TrailingZeroCount(~used);
    }

    /// <summary>A packet that waits.</summary>
    /// <param name="Position">Where it begins, in ticks of 1/8000 s.</param>
    /// <param name="Sequence">Its RTP number.</param>
    /// <param name="Codec">How it is coded; null for comfort noise.</param>
    /// <param name="Length">Bytes of its payload.</param>
    /// <param name="Room">Where they are.</param>
    public readonly record struct Frame(long Position, ushort Sequence, VoiceCodec? Codec, int Length, int Room);
}
