using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Postbell.Media.Rtp;

namespace Postbell.Media.Srtp;

/// <summary>
/// One direction of an encrypted call: key, roll-over counter and replay window live in the library. Used by one thread at a time. The library sees only
/// packets whose lengths were checked here.
/// </summary>
internal sealed class SrtpContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Most bytes by which the library lengthens a packet.</summary>
    public const int MaxGrowth = 16 + 128;

    // Each stream takes memory in the library for as long as the key is used.
    private const int MaxStreams = 16;
    private const int ReportHeaderBytes = 8;
    private const int ReportIndexBytes = 4;
    private const int ReportTagBytes = 10;

    private readonly uint[] _streams = new uint[MaxStreams];
    private int _streamCount;
    private int _tagBytes;
    private byte[] _index = [];
    private bool _isIndexLast;

    /// <summary>Makes a context; invalid when the library is missing or does not have the suite.</summary>
    public static SrtpContext Create(SrtpKey key, bool inbound)
    {
        var context = new SrtpContext { _tagBytes = key.Suite.TagBytes(), _index = key.Index.ToArray(), _isIndexLast = key.Suite.IsAead() };
        if (SrtpLibrary.IsAvailable)
        {
            context.SetHandle(SrtpLibrary.Create(key.Suite, key.Bytes, inbound));
        }

        return context;
    }

    /// <summary>Encrypts an RTP packet in place; <see cref="MaxGrowth"/> bytes must be free behind it. Returns the new length, or 0 when it failed.</summary>
    public unsafe int Protect(Span<byte> buffer, int length)
    {
        CheckRoom(buffer, length);
        fixed (byte* packet = buffer)
        {
            return SrtpLibrary.Protect(this, packet, &length) == SrtpLibrary.Ok ? length : 0;
        }
    }

    /// <summary>As <see cref="Protect"/> for RTCP.</summary>
    public unsafe int ProtectReport(Span<byte> buffer, int length)
    {
        CheckRoom(buffer, length);
        fixed (byte* packet = buffer)
        {
            return SrtpLibrary.ProtectReport(this, packet, &length) == SrtpLibrary.Ok ? length : 0;
        }
    }

    /// <summary>Authenticates and decrypts an RTP packet in place. The bytes of one that was not accepted are worth nothing any more.</summary>
    public unsafe SrtpVerdict Unprotect(Span<byte> datagram, out int length)
    {
        length = datagram.Length;
        if (!HasRoomForHeader(datagram, _tagBytes + _index.Length) || !TryTakeIndex(ref datagram, _tagBytes))
        {
            return SrtpVerdict.Refused;
        }

        length = datagram.Length;

        var source = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        if (!Knows(source) && _streamCount == MaxStreams)
        {
            return SrtpVerdict.Refused;
        }

        int status;
        var taken = length;
        fixed (byte* packet = datagram)
        {
            status = SrtpLibrary.Unprotect(this, packet, &taken);
        }

        return Judge(status, taken, source, ref length);
    }

    /// <summary>As <see cref="Unprotect"/> for RTCP.</summary>
    public unsafe SrtpVerdict UnprotectReport(Span<byte> datagram, out int length)
    {
        length = datagram.Length;
        if (length < ReportHeaderBytes + ReportIndexBytes + Math.Max(_tagBytes, ReportTagBytes) + _index.Length || datagram[0] >> 6 != 2
            || !TryTakeIndex(ref datagram, ReportTagBytes))
        {
            return SrtpVerdict.Refused;
        }

        length = datagram.Length;

        var source = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        if (!Knows(source) && _streamCount == MaxStreams)
        {
            return SrtpVerdict.Refused;
        }

        int status;
        var taken = length;
        fixed (byte* packet = datagram)
        {
            status = SrtpLibrary.UnprotectReport(this, packet, &taken);
        }

        return Judge(status, taken, source, ref length);
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle() => SrtpLibrary.Free(handle) == SrtpLibrary.Ok;

    private static void CheckRoom(Span<byte> buffer, int length) => ArgumentOutOfRangeException.ThrowIfGreaterThan(length + MaxGrowth, buffer.Length);

    /// <summary>The header with sources and extension, and the tag, lie within the datagram.</summary>
    private static bool HasRoomForHeader(ReadOnlySpan<byte> datagram, int tagBytes)
    {
        if (datagram.Length < RtpPacket.HeaderBytes + tagBytes || datagram[0] >> 6 != 2)
        {
            return false;
        }

        var header = RtpPacket.HeaderBytes + ((datagram[0] & 0x0F) * 4);
        var end = datagram.Length - tagBytes;
        if ((datagram[0] & 0x10) == 0)
        {
            return header <= end;
        }

        return header + 4 <= end && header + 4 + (BinaryPrimitives.ReadUInt16BigEndian(datagram[(header + 2)..]) * 4) <= end;
    }

    /// <summary>
    /// Takes the index of the key out of a packet; false when it is another's. It stands before the tag, with AEAD at the very end (RFC 7714, 17), and is not
    /// authenticated: it only says which key to try.
    /// </summary>
    private bool TryTakeIndex(ref Span<byte> datagram, int tagBytes)
    {
        if (_index.Length == 0)
        {
            return true;
        }

        var at = datagram.Length - _index.Length - (_isIndexLast ? 0 : tagBytes);
        if (!datagram.Slice(at, _index.Length).SequenceEqual(_index))
        {
            return false;
        }

        datagram[(at + _index.Length)..].CopyTo(datagram[at..]);
        datagram = datagram[..^_index.Length];
        return true;
    }

    private bool Knows(uint source) => _streams.AsSpan(0, _streamCount).Contains(source);

    private SrtpVerdict Judge(int status, int taken, uint source, ref int length)
    {
        if (status is SrtpLibrary.ReplayFail or SrtpLibrary.ReplayOld)
        {
            return SrtpVerdict.Replayed;
        }

        if (status != SrtpLibrary.Ok || taken < 0 || taken > length)
        {
            return SrtpVerdict.Refused;
        }

        if (!Knows(source))
        {
            _streams[_streamCount++] = source;
        }

        length = taken;
        return SrtpVerdict.Accept;
    }
}
