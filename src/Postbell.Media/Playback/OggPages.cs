using System.Buffers;
using System.Buffers.Binary;

namespace Postbell.Media.Playback;

/// <summary>Puts packets into the pages of an Ogg stream (RFC 3533, 6). A packet never runs over the end of a page: those here are short.</summary>
internal sealed class OggPages(ArrayBufferWriter<byte> output, uint serial)
{
    /// <summary>Longest packet.</summary>
    public const int MaxPacketBytes = 254 * MaxSegment;

    private const int HeaderBytes = 27;
    private const int MaxSegments = 255;
    private const int MaxSegment = 255;
    private const int CrcAt = 22;
    private const byte FirstPage = 2;
    private const byte LastPage = 4;

    private static readonly uint[] s_crc = BuildTable();

    private readonly byte[] _segments = new byte[MaxSegments];
    private readonly ArrayBufferWriter<byte> _body = new();
    private int _segmentCount;
    private uint _pageNumber;
    private long _position;

    /// <summary>Adds a packet; the page is written when the next one does not fit.</summary>
    /// <param name="packet">The packet, at most <see cref="MaxPacketBytes"/>.</param>
    /// <param name="position">Position of the stream behind it (granule position).</param>
    public void Add(ReadOnlySpan<byte> packet, long position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, MaxPacketBytes, nameof(packet));
        var needed = (packet.Length / MaxSegment) + 1;
        if (_segmentCount + needed > MaxSegments)
        {
            Flush();
        }

        _segments.AsSpan(_segmentCount, needed).Fill(MaxSegment);
        _segments[_segmentCount + needed - 1] = (byte)(packet.Length % MaxSegment);
        _segmentCount += needed;
        _body.Write(packet);
        _position = position;
    }

    /// <summary>Ends the page; <paramref name="isLast"/> ends the stream.</summary>
    public void Flush(bool isLast = false)
    {
        var length = HeaderBytes + _segmentCount + _body.WrittenCount;
        var page = output.GetSpan(length)[..length];
        page[..HeaderBytes].Clear();
        "OggS"u8.CopyTo(page);
        page[5] = (byte)((_pageNumber == 0 ? FirstPage : 0) | (isLast ? LastPage : 0));
        BinaryPrimitives.WriteInt64LittleEndian(page[6..], _position);
        BinaryPrimitives.WriteUInt32LittleEndian(page[14..], serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page[18..], _pageNumber++);
        page[26] = (byte)_segmentCount;
        _segments.AsSpan(0, _segmentCount).CopyTo(page[HeaderBytes..]);
        _body.WrittenSpan.CopyTo(page[(HeaderBytes + _segmentCount)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[CrcAt..], Crc(page));
        output.Advance(length);
        _body.ResetWrittenCount();
        _segmentCount = 0;
    }

    private static uint Crc(ReadOnlySpan<byte> page)
    {
        var crc = 0u;
        foreach (var b in page)
        {
            crc = (crc << 8) ^ s_crc[(crc >> 24) ^ b];
        }

        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc << 1) ^ ((crc & 0x80000000) != 0 ? 0x04C11DB7u : 0);
            }

            table[i] = crc;
        }

        return table;
    }
}
