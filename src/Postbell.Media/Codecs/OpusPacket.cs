namespace Postbell.Media.Codecs;

/// <summary>The outer form of an Opus packet (RFC 6716, 3): which frames it holds, without decoding them. The library sees only packets that pass here.</summary>
internal static class OpusPacket
{
    private const int MaxFrameBytes = 1275;
    private const int FirstWithoutSpeechLayer = 16;

    // 120 ms in units of 2.5 ms.
    private const int MaxUnits = 48;

    /// <summary>Duration of a well-formed packet in units of 2.5 ms, 1 to 48; 0 when it breaks one of the rules R1 to R7.</summary>
    public static int Units(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            return 0;
        }

        var unit = FrameUnits(packet[0] >> 3);
        var frames = packet[1..];
        return (packet[0] & 3) switch
        {
            0 => frames.Length <= MaxFrameBytes ? unit : 0,
            1 => frames.Length % 2 == 0 && frames.Length / 2 <= MaxFrameBytes ? unit * 2 : 0,
            2 => TakeLength(ref frames) is >= 0 and var first && first <= frames.Length && frames.Length - first <= MaxFrameBytes ? unit * 2 : 0,
            _ => ManyFrames(frames, unit),
        };
    }

    /// <summary>
    /// True when nobody speaks in a packet of one frame: it holds none, or the flag of its speech layer says so (RFC 6716, 4.2.3). A sender in DTX pauses
    /// behind such packets.
    /// </summary>
    public static bool IsRest(ReadOnlySpan<byte> packet) =>
        packet.Length == 1 || (packet.Length > 1 && (packet[0] & 3) == 0 && packet[0] >> 3 < FirstWithoutSpeechLayer && (packet[1] & 0x80) == 0);

    /// <summary>Duration of one frame by the configuration number (RFC 6716, table 2).</summary>
    private static int FrameUnits(int configuration) => configuration switch
    {
        < 12 => (configuration & 3) switch { 0 => 4, 1 => 8, 2 => 16, _ => 24 },
        < 16 => (configuration & 1) == 0 ? 4 : 8,
        _ => 1 << (configuration & 3),
    };

    private static int ManyFrames(ReadOnlySpan<byte> rest, int unit)
    {
        if (rest.IsEmpty)
        {
            return 0;
        }

        var head = rest[0];
        rest = rest[1..];
        var count = head & 0x3F;
        if (count == 0 || count * unit > MaxUnits || ((head & 0x40) != 0 && !TryTakePadding(ref rest)))
        {
            return 0;
        }

        var isFit = (head & 0x80) == 0 ? rest.Length % count == 0 && rest.Length / count <= MaxFrameBytes : FitVariable(rest, count);
        return isFit ? count * unit : 0;
    }

    private static bool FitVariable(ReadOnlySpan<byte> rest, int count)
    {
        var total = 0;
        for (var i = 1; i < count; i++)
        {
            var length = TakeLength(ref rest);
            if (length < 0)
            {
                return false;
            }

            total += length;
        }

        return total <= rest.Length && rest.Length - total <= MaxFrameBytes;
    }

    private static bool TryTakePadding(ref ReadOnlySpan<byte> rest)
    {
        var padding = 0;
        int part;
        do
        {
            if (rest.IsEmpty)
            {
                return false;
            }

            part = rest[0];
            rest = rest[1..];
            padding += part == 255 ? 254 : part;
        }
        while (part == 255);

        if (padding > rest.Length)
        {
            return false;
        }

        rest = rest[..^padding];
        return true;
    }

    /// <summary>A frame length of one or two bytes (RFC 6716, 3.2.1); -1 when it is cut short.</summary>
    private static int TakeLength(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || (rest[0] >= 252 && rest.Length < 2))
        {
            return -1;
        }

        var length = rest[0] < 252 ? rest[0] : (rest[1] * 4) + rest[0];
        rest = rest[(rest[0] < 252 ? 1 : 2)..];
        return length;
    }
}
