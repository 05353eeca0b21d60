using System.Buffers.Binary;
using System.Numerics;
using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>What a journal record says.</summary>
internal enum RecordKind : byte
{
    Begin = 1,
    Audio = 2,
    Restart = 3,
    Complete = 4,
    Discard = 5,
    Retire = 6,
}

/// <summary>The head of a record. For audio, Position is the count of ticks (1/8000 s) of the generation before it; for Complete the total.</summary>
internal readonly record struct RecordHead(RecordKind Kind, RecordedFormat Format, ushort Generation, uint Position, TraceId Id, int PayloadBytes)
{
    public int TotalBytes => JournalFormat.RecordHeadBytes + PayloadBytes;
}

/// <summary>
/// The bytes of a segment. Little endian. Segment head (32): "PBJOURNL", version u16, head size u16, number u32, created i64 (Unix ms), 0 u32,
/// CRC32C u32. Record: "PBR1", payload length u32, kind u8, format u8, generation u16, position u32, recording id (16), CRC32C u32, payload.
/// The CRC covers all but the four magic bytes and is seeded with the segment number, so left-over bytes of another file never pass.
/// Version 1 knew G.711 alone and counted positions in bytes: the same numbers, as a byte of G.711 is a tick. So it is read by the same rules.
/// Version 3 has the records of version 2, but those of a recording need not lie in the order of its audio, and one may be there twice (<see cref="JournalCompaction"/>).
/// </summary>
internal static class JournalFormat
{
    public const int SegmentHeadBytes = 32;
    public const int RecordHeadBytes = 36;
    public const int MaxPayloadBytes = 1 << 18;
    public const ushort Version = 3;

    private const int CrcAt = 32;

    public static ReadOnlySpan<byte> RecordMagic => "PBR1"u8;

    private static ReadOnlySpan<byte> SegmentMagic => "PBJOURNL"u8;

    public static void WriteSegmentHead(Span<byte> to, uint number, DateTimeOffset created)
    {
        to[..SegmentHeadBytes].Clear();
        SegmentMagic.CopyTo(to);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], SegmentHeadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], number);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], created.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32LittleEndian(to[28..], Crc32C(0, to[..28]));
    }

    /// <summary>Version of an intact segment head; 0 for anything else.</summary>
    public static ushort ReadSegmentVersion(ReadOnlySpan<byte> from) =>
        from.Length >= SegmentHeadBytes
        && from[..8].SequenceEqual(SegmentMagic)
        && BinaryPrimitives.ReadUInt32LittleEndian(from[28..]) == Crc32C(0, from[..28])
            ? BinaryPrimitives.ReadUInt16LittleEndian(from[8..])
            : (ushort)0;

    /// <summary>Writes a record and returns its length.</summary>
    public static int WriteRecord(Span<byte> to, uint segment, in RecordHead head, ReadOnlySpan<byte> payload)
    {
        RecordMagic.CopyTo(to);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], head.PayloadBytes);
        to[8] = (byte)head.Kind;
        to[9] = (byte)head.Format;
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], head.Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], head.Position);
        head.Id.Value.TryWriteBytes(to[16..]);
        payload.CopyTo(to[RecordHeadBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CrcAt..], Checksum(segment, to, payload));
        return head.TotalBytes;
    }

    /// <summary>Reads the record at the start of <paramref name="from"/>; false when it is cut short or damaged.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> from, uint segment, out RecordHead head)
    {
        head = default;
        if (from.Length < RecordHeadBytes || !from[..4].SequenceEqual(RecordMagic))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(from[4..]);
        if (length is < 0 or > MaxPayloadBytes
            || from.Length - RecordHeadBytes < length
            || from[8] is < (byte)RecordKind.Begin or > (byte)RecordKind.Retire
            || from[9] > (byte)RecordedFormat.Wide
            || (from[9] == (byte)RecordedFormat.Wide && length % 4 != 0)
            || BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]) != Checksum(segment, from, from.Slice(RecordHeadBytes, length)))
        {
            return false;
        }

        head = new RecordHead((RecordKind)from[8], (RecordedFormat)from[9], BinaryPrimitives.ReadUInt16LittleEndian(from[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[12..]), new TraceId(new Guid(from.Slice(16, 16))), length);
        return true;
    }

    private static uint Checksum(uint segment, ReadOnlySpan<byte> record, ReadOnlySpan<byte> payload) =>
        Crc32C(Crc32C(segment, record[4..CrcAt]), payload);

    private static uint Crc32C(uint seed, ReadOnlySpan<byte> bytes)
    {
        var crc = ~seed;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
