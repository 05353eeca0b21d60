using System.Text;

namespace Postbell.Smtp.Receiving;

/// <summary>What a header section says that matters on the way: hops, and whether it names the message and its day.</summary>
internal readonly record struct MessageHead(int Hops, bool HasMessageId, bool HasDate, bool HasFrom)
{
    private const int MaxBytes = 256 * 1024;

    /// <summary>Reads to the first empty line, 256 kB at most.</summary>
    public static MessageHead Read(ReadOnlySpan<byte> message)
    {
        var rest = message[..Math.Min(message.Length, MaxBytes)];
        var head = new MessageHead();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf("\r\n"u8);
            var line = end < 0 ? rest : rest[..end];
            if (line.IsEmpty)
            {
                break;
            }

            rest = end < 0 ? [] : rest[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon > 0 && line[0] is not ((byte)' ' or (byte)'\t'))
            {
                var name = line[..colon].TrimEnd((byte)' ');
                head = head with
                {
                    Hops = head.Hops + (Is(name, "received"u8) ? 1 : 0),
                    HasMessageId = head.HasMessageId || Is(name, "message-id"u8),
                    HasDate = head.HasDate || Is(name, "date"u8),
                    HasFrom = head.HasFrom || Is(name, "from"u8),
                };
            }
        }

        return head;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> wanted) => Ascii.EqualsIgnoreCase(name, wanted);
}
