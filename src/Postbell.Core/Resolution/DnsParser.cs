using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Postbell.Core.Resolution;

/// <summary>Reads answers of name servers (RFC 1035, 2782, 3403, 6891). Anything may come: there is always a message or a reason.</summary>
internal static class DnsParser
{
    private const int HeaderLength = 12;
    private const int MostRecords = 256;
    private const ushort InternetClass = 1;

    /// <summary>Reads one message.</summary>
    /// <param name="bytes">The message without the length that goes before it on TCP.</param>
    /// <param name="message">The message; null with a failure.</param>
    public static DnsParseFailure Parse(ReadOnlySpan<byte> bytes, out DnsMessage? message)
    {
        message = null;
        if (bytes.Length < HeaderLength)
        {
            return DnsParseFailure.CutShort;
        }

        var flags = Number(bytes, 2);
        if ((flags & 0x8000) == 0 || (flags & 0x7800) != 0)
        {
            return DnsParseFailure.NotAnAnswer;
        }

        if (Number(bytes, 4) != 1)
        {
            return DnsParseFailure.QuestionCount;
        }

        int answers = Number(bytes, 6), authorities = Number(bytes, 8), additional = Number(bytes, 10);
        if (answers + authorities + additional > MostRecords)
        {
            return DnsParseFailure.TooManyRecords;
        }

        var at = HeaderLength;
        var failure = DnsName.Read(bytes, ref at, out var name);
        if (failure != DnsParseFailure.None || at + 4 > bytes.Length)
        {
            return failure != DnsParseFailure.None ? failure : DnsParseFailure.CutShort;
        }

        var type = (DnsRecordType)Number(bytes, at);
        at += 4;
        var truncated = (flags & 0x0200) != 0;
        var code = flags & 0xF;
        var found = new List<DnsRecord>(answers);
        var zone = new List<DnsRecord>(authorities);
        failure = ReadRecords(bytes, ref at, answers, found, ref code);
        failure = failure == DnsParseFailure.None ? ReadRecords(bytes, ref at, authorities, zone, ref code) : failure;
        failure = failure == DnsParseFailure.None ? ReadRecords(bytes, ref at, additional, null, ref code) : failure;
        // What was cut is read whole over TCP.
        if (failure != DnsParseFailure.None && !truncated)
        {
            return failure;
        }

        message = new DnsMessage(Number(bytes, 0), code, truncated, name, type, found, zone);
        return DnsParseFailure.None;
    }

    private static DnsParseFailure ReadRecords(ReadOnlySpan<byte> bytes, ref int at, int count, List<DnsRecord>? records, ref int code)
    {
        for (var i = 0; i < count; i++)
        {
            var failure = DnsName.Read(bytes, ref at, out var name);
            if (failure != DnsParseFailure.None)
            {
                return failure;
            }

            if (at + 10 > bytes.Length || at + 10 + Number(bytes, at + 8) > bytes.Length)
            {
                return DnsParseFailure.CutShort;
            }

            var type = (DnsRecordType)Number(bytes, at);
            var isInternet = Number(bytes, at + 2) == InternetClass;
            var seconds = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
            int data = at + 10, length = Number(bytes, at + 8);
            if (type == DnsRecordType.Opt)
            {
                // The upper bits of the response code (RFC 6891 section 6.1.3).
                code |= (int)(seconds >> 24) << 4;
            }
            else if (isInternet && records is not null)
            {
                // A time with its highest bit set is none (RFC 2181 section 8).
                failure = ReadData(bytes, name, type, seconds > int.MaxValue ? 0 : seconds, data, length, records);
                if (failure != DnsParseFailure.None)
                {
                    return failure;
                }
            }

            at = data + length;
        }

        return DnsParseFailure.None;
    }

    private static DnsParseFailure ReadData(
        ReadOnlySpan<byte> bytes, string name, DnsRecordType type, uint seconds, int at, int length, List<DnsRecord> records)
    {
        // A name in the data may point backward into the message, but must end where the data ends.
        var record = bytes[..(at + length)];
        return type switch
        {
            DnsRecordType.A => ReadAddress(record, name, type, seconds, at, 4, records),
            DnsRecordType.Aaaa => ReadAddress(record, name, type, seconds, at, 16, records),
            DnsRecordType.Cname => ReadAlias(record, name, seconds, at, records),
            DnsRecordType.Mx => ReadMail(record, name, seconds, at, records),
            DnsRecordType.Srv => ReadService(record, name, seconds, at, records),
            DnsRecordType.Naptr => ReadPointer(record, name, seconds, at, records),
            DnsRecordType.Soa => ReadAuthority(record, name, seconds, at, records),
            _ => DnsParseFailure.None,
        };
    }

    private static DnsParseFailure ReadAddress(
        ReadOnlySpan<byte> record, string name, DnsRecordType type, uint seconds, int at, int length, List<DnsRecord> records)
    {
        if (record.Length - at != length)
        {
            return DnsParseFailure.BadData;
        }

        records.Add(new DnsAddressRecord(name, type, seconds, new IPAddress(record[at..])));
        return DnsParseFailure.None;
    }

    private static DnsParseFailure ReadAlias(ReadOnlySpan<byte> record, string name, uint seconds, int at, List<DnsRecord> records)
    {
        var failure = ReadLastName(record, at, out var target);
        if (failure == DnsParseFailure.None)
        {
            records.Add(new DnsAliasRecord(name, seconds, target));
        }

        return failure;
    }

    private static DnsParseFailure ReadMail(ReadOnlySpan<byte> record, string name, uint seconds, int at, List<DnsRecord> records)
    {
        if (record.Length - at < 3)
        {
            return DnsParseFailure.BadData;
        }

        var failure = ReadLastName(record, at + 2, out var host);
        if (failure == DnsParseFailure.None)
        {
            records.Add(new DnsMailRecord(name, seconds, Number(record, at), host));
        }

        return failure;
    }

    private static DnsParseFailure ReadService(ReadOnlySpan<byte> record, string name, uint seconds, int at, List<DnsRecord> records)
    {
        if (record.Length - at < 7)
        {
            return DnsParseFailure.BadData;
        }

        var failure = ReadLastName(record, at + 6, out var target);
        if (failure == DnsParseFailure.None)
        {
            records.Add(new DnsServiceRecord(name, seconds, Number(record, at), Number(record, at + 2), Number(record, at + 4), target));
        }

        return failure;
    }

    private static DnsParseFailure ReadPointer(ReadOnlySpan<byte> record, string name, uint seconds, int at, List<DnsRecord> records)
    {
        if (record.Length - at < 8)
        {
            return DnsParseFailure.BadData;
        }

        int order = Number(record, at), preference = Number(record, at + 2);
        at += 4;
        if (!TryReadText(record, ref at, out var flags) || !TryReadText(record, ref at, out var services) || !TryReadText(record, ref at, out _))
        {
            return DnsParseFailure.BadData;
        }

        var failure = ReadLastName(record, at, out var replacement);
        if (failure == DnsParseFailure.None)
        {
            records.Add(new DnsPointerRecord(name, seconds, (ushort)order, (ushort)preference, flags, services, replacement));
        }

        return failure;
    }

    private static DnsParseFailure ReadAuthority(ReadOnlySpan<byte> record, string name, uint seconds, int at, List<DnsRecord> records)
    {
        var failure = DnsName.Read(record, ref at, out _);
        failure = failure == DnsParseFailure.None ? DnsName.Read(record, ref at, out _) : failure;
        if (failure == DnsParseFailure.None && record.Length - at != 20)
        {
            return DnsParseFailure.BadData;
        }

        if (failure == DnsParseFailure.None)
        {
            records.Add(new DnsAuthorityRecord(name, seconds, BinaryPrimitives.ReadUInt32BigEndian(record[(at + 16)..])));
        }

        return failure;
    }

    private static DnsParseFailure ReadLastName(ReadOnlySpan<byte> record, int at, out string name)
    {
        var failure = DnsName.Read(record, ref at, out name);
        return failure == DnsParseFailure.None && at != record.Length ? DnsParseFailure.BadData : failure;
    }

    private static bool TryReadText(ReadOnlySpan<byte> record, ref int at, out string text)
    {
        text = "";
        if (at >= record.Length || at + 1 + record[at] > record.Length)
        {
            return false;
        }

        text = Encoding.Latin1.GetString(record.Slice(at + 1, record[at]));
        at += 1 + record[at];
        return true;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
