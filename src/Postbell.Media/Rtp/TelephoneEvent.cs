using System.Buffers.Binary;

namespace Postbell.Media.Rtp;

/// <summary>The payload of a telephone-event packet (RFC 4733, 2.3).</summary>
/// <param name="Event">0 to 9 the digits, 10 *, 11 #, 12 to 15 A to D; others are no keys.</param>
/// <param name="End">True in the last packets of a press.</param>
/// <param name="Volume">Level below 0 dBm0, 0 to 63.</param>
/// <param name="Duration">How long it lasts so far, in samples.</param>
public readonly record struct TelephoneEvent(byte Event, bool End, byte Volume, ushort Duration)
{
    /// <summary>Length of the payload in bytes.</summary>
    public const int Bytes = 4;

    private const string Keys = "0123456789*#ABCD";

    /// <summary>The key, or null when the event is none (flash hook, fax tones ...).</summary>
    public char? Key => Event < Keys.Length ? Keys[Event] : null;

    /// <summary>The tone of a fax machine or modem (RFC 4733, 3 and RFC 4734, 2.2: ANS and its kinds 32 to 35, CNG 36), or null when the event is none.</summary>
    public FaxTone? FaxTone => Event switch
    {
        36 => Media.FaxTone.Calling,
        >= 32 and <= 35 => Media.FaxTone.Answering,
        _ => null,
    };

    /// <summary>Reads a payload; false when it is too short.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent telephoneEvent)
    {
        if (payload.Length < Bytes)
        {
            telephoneEvent = default;
            return false;
        }

        telephoneEvent = new TelephoneEvent(
            payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3F), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    /// <summary>The event number of a key; null when it is none.</summary>
    public static byte? EventOf(char key)
    {
        var index = Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
        return index < 0 ? null : (byte)index;
    }

    /// <summary>Writes the payload, <see cref="Bytes"/> bytes.</summary>
    public void Write(Span<byte> target)
    {
        target[0] = Event;
        target[1] = (byte)((End ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], Duration);
    }
}
