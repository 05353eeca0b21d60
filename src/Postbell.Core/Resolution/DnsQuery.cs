using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Postbell.Core.Resolution;

/// <summary>One question on its way: recursion desired, with an EDNS0 record unless the server does not know them.</summary>
internal sealed class DnsQuery
{
    /// <summary>Bytes of a datagram that we take; small enough never to be fragmented (RFC 9715).</summary>
    public const int DatagramSize = 1232;

    private const int OptionLength = 11;

    /// <summary>A question with a fresh random number.</summary>
    /// <param name="name">Normalized name.</param>
    /// <param name="type">Type.</param>
    /// <param name="extended">Whether to add EDNS0.</param>
    public DnsQuery(string name, DnsRecordType type, bool extended)
    {
        Name = name;
        Type = type;
        Id = (ushort)RandomNumberGenerator.GetInt32(65536);
        var bytes = new byte[12 + 255 + 4 + OptionLength];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Id);
        bytes[2] = 1;
        bytes[5] = 1;
        bytes[11] = extended ? (byte)1 : (byte)0;
        var at = 12 + DnsName.Write(name, bytes.AsSpan(12));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)type);
        bytes[at + 3] = 1;
        at += 4;
        if (extended)
        {
            // Root name, type OPT, our datagram size; the rest stays zero.
            bytes[at + 2] = (byte)DnsRecordType.Opt;
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 3), DatagramSize);
            at += OptionLength;
        }

        Bytes = bytes.AsMemory(0, at);
    }

    /// <summary>Random number that the answer must repeat.</summary>
    public ushort Id { get; }

    /// <summary>Name that is asked for.</summary>
    public string Name { get; }

    /// <summary>Type that is asked for.</summary>
    public DnsRecordType Type { get; }

    /// <summary>The wire form for a datagram.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>True when the message answers this question and no other.</summary>
    public bool IsAnsweredBy(DnsMessage message) => message.Id == Id && message.Type == Type && message.Name == Name;
}
