using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postbell.Media.Sdp;

/// <summary>Reads a description line by line (RFC 4566, section 5).</summary>
internal sealed class SdpParser
{
    private SdpMedia? _media;

    public SessionDescription Description { get; } = new();

    public SdpRejection Run(ReadOnlySpan<byte> rest)
    {
        for (var lines = 0; !rest.IsEmpty; lines++)
        {
            if (lines == SessionDescription.MaxLines)
            {
                return SdpRejection.TooManyLines;
            }

            var line = TakeLine(ref rest);
            if (line.IsEmpty && rest.IsEmpty)
            {
                break;
            }

            if (line.Length < 2 || line[1] != '=' || (lines == 0 && !line.SequenceEqual("v=0"u8)))
            {
                return SdpRejection.Malformed;
            }

            var rejection = Read(line[0], line[2..]);
            if (rejection != SdpRejection.None)
            {
                return rejection;
            }
        }

        return SdpRejection.None;
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }

    /// <summary>Takes the next word up to a blank; false at the end or when it holds anything but visible ASCII.</summary>
    private static bool TryWord(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> word)
    {
        rest = rest.TrimStart((byte)' ');
        var end = rest.IndexOf((byte)' ');
        word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return !word.IsEmpty && !word.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E);
    }

    private static bool TryNumber(ReadOnlySpan<byte> word, int max, out int number) =>
        Utf8Parser.TryParse(word, out number, out var used) && used == word.Length && number >= 0 && number <= max;

    private SdpRejection Read(byte type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case (byte)'m':
                return ReadMedia(value);
            case (byte)'c':
                return ReadConnection(value);
            case (byte)'a':
                ReadAttribute(value);
                return SdpRejection.None;
            default:
                return SdpRejection.None;
        }
    }

    private SdpRejection ReadMedia(ReadOnlySpan<byte> value)
    {
        if (Description.Streams.Count == SessionDescription.MaxStreams)
        {
            return SdpRejection.TooManyStreams;
        }

        if (!TryWord(ref value, out var kind) || !TryWord(ref value, out var port) || !TryWord(ref value, out var transport))
        {
            return SdpRejection.Malformed;
        }

        // A count of ports may follow ("49170/2"): only the first pair is used.
        var slash = port.IndexOf((byte)'/');
        if (!TryNumber(slash < 0 ? port : port[..slash], ushort.MaxValue, out var number))
        {
            return SdpRejection.Malformed;
        }

        var formats = new List<string>();
        while (TryWord(ref value, out var format))
        {
            if (formats.Count == SessionDescription.MaxFormats)
            {
                return SdpRejection.Malformed;
            }

            formats.Add(Encoding.ASCII.GetString(format));
        }

        if (formats.Count == 0)
        {
            return SdpRejection.Malformed;
        }

        _media = new SdpMedia
        {
            Kind = Encoding.ASCII.GetString(kind).ToLowerInvariant(),
            Port = number,
            Transport = Encoding.ASCII.GetString(transport),
            Formats = formats,
        };
        Description.Streams.Add(_media);
        return SdpRejection.None;
    }

    private SdpRejection ReadConnection(ReadOnlySpan<byte> value)
    {
        if (!TryWord(ref value, out var net) || !TryWord(ref value, out var type) || !TryWord(ref value, out var address))
        {
            return SdpRejection.Malformed;
        }

        var parsed = net.SequenceEqual("IN"u8) ? ParseAddress(type, address) : null;
        if (_media is null)
        {
            Description.Connection = parsed;
        }
        else
        {
            _media.Connection = parsed;
            _media.ConnectionUnusable = parsed is null;
        }

        return SdpRejection.None;
    }

    /// <summary>An address without its multicast suffixes; null for names, which are never looked up here.</summary>
    private static IPAddress? ParseAddress(ReadOnlySpan<byte> type, ReadOnlySpan<byte> address)
    {
        var slash = address.IndexOf((byte)'/');
        Span<char> text = stackalloc char[64];
        if (slash >= 0 || address.Length > text.Length || address.Contains((byte)'%'))
        {
            return null;
        }

        var length = Encoding.ASCII.GetChars(address, text);
        var family = type.SequenceEqual("IP4"u8) ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return IPAddress.TryParse(text[..length], out var parsed) && parsed.AddressFamily == family
            && (family == AddressFamily.InterNetworkV6 || IsDottedQuad(address))
            ? parsed
            : null;
    }

    /// <summary>The system also reads "1.2" and hexadecimal as addresses; a description may not hold those.</summary>
    private static bool IsDottedQuad(ReadOnlySpan<byte> address) =>
        address.Count((byte)'.') == 3 && !address.ContainsAnyExcept("0123456789."u8);

    private void ReadAttribute(ReadOnlySpan<byte> value)
    {
        var colon = value.IndexOf((byte)':');
        var name = colon < 0 ? value : value[..colon];
        var argument = colon < 0 ? [] : value[(colon + 1)..];
        if (ReadDirection(name) is { } direction)
        {
            if (_media is null)
            {
                Description.Direction = direction;
            }
            else
            {
                _media.Direction = direction;
            }
        }
        else if (name.SequenceEqual("rtcp-xr"u8))
        {
            ReadExtendedReports(argument);
        }
        else if (_media is not null)
        {
            ReadMediaAttribute(_media, name, argument);
        }
    }

    /// <summary>Of the kinds of extended reports (RFC 3611, 5.1) only VoIP metrics are looked for.</summary>
    private void ReadExtendedReports(ReadOnlySpan<byte> kinds)
    {
        while (TryWord(ref kinds, out var kind))
        {
            if (!kind.SequenceEqual("voip-metrics"u8))
            {
                continue;
            }

            if (_media is null)
            {
                Description.VoipMetrics = true;
            }
            else
            {
                _media.VoipMetrics = true;
            }
        }
    }

    private static MediaDirection? ReadDirection(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("sendrecv"u8) => MediaDirection.SendRecv,
        _ when name.SequenceEqual("sendonly"u8) => MediaDirection.SendOnly,
        _ when name.SequenceEqual("recvonly"u8) => MediaDirection.RecvOnly,
        _ when name.SequenceEqual("inactive"u8) => MediaDirection.Inactive,
        _ => null,
    };

    private static void ReadMediaAttribute(SdpMedia media, ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument)
    {
        if (name.SequenceEqual("rtpmap"u8))
        {
            ReadPayloadMap(media, argument);
        }
        else if (name.SequenceEqual("fmtp"u8))
        {
            ReadParameters(media, argument);
        }
        else if (name.SequenceEqual("ptime"u8))
        {
            media.Ptime = ReadMilliseconds(argument) ?? media.Ptime;
        }
        else if (name.SequenceEqual("maxptime"u8))
        {
            media.MaxPtime = ReadMilliseconds(argument) ?? media.MaxPtime;
        }
        else if (name.SequenceEqual("rtcp"u8))
        {
            ReadRtcp(media, argument);
        }
        else if (name.SequenceEqual("crypto"u8) && media.Cryptos.Count < SessionDescription.MaxFormats && SdpCrypto.TryParse(argument, out var crypto))
        {
            media.Cryptos.Add(crypto);
        }
    }

    private static int? ReadMilliseconds(ReadOnlySpan<byte> argument)
    {
        // Some write "20.0": the fraction does not matter.
        var word = argument.Trim((byte)' ');
        var dot = word.IndexOf((byte)'.');
        return TryNumber(dot < 0 ? word : word[..dot], 10000, out var number) && number > 0 ? number : null;
    }

    private static void ReadPayloadMap(SdpMedia media, ReadOnlySpan<byte> argument)
    {
        if (media.Maps.Count == SessionDescription.MaxFormats || !TryWord(ref argument, out var type) || !TryNumber(type, 127, out var payloadType)
            || !TryWord(ref argument, out var codec))
        {
            return;
        }

        var slash = codec.IndexOf((byte)'/');
        var rate = slash < 0 ? [] : codec[(slash + 1)..];
        var behind = rate.IndexOf((byte)'/');
        var channels = 1;
        var counted = behind < 0 || TryNumber(rate[(behind + 1)..], byte.MaxValue, out channels);
        if (slash > 0 && counted && TryNumber(behind < 0 ? rate : rate[..behind], 1_000_000, out var clockRate))
        {
            media.Maps.Add(new SdpPayloadMap((byte)payloadType, Encoding.ASCII.GetString(codec[..slash]), clockRate, channels));
        }
        else
        {
            // Known to be something else than its static meaning.
            media.Maps.Add(new SdpPayloadMap((byte)payloadType, "", 0, 1));
        }
    }

    private static void ReadParameters(SdpMedia media, ReadOnlySpan<byte> argument)
    {
        if (media.Parameters.Count < SessionDescription.MaxFormats && TryWord(ref argument, out var type) && TryNumber(type, 127, out var payloadType))
        {
            media.Parameters.Add(((byte)payloadType, Encoding.ASCII.GetString(argument)));
        }
    }

    private static void ReadRtcp(SdpMedia media, ReadOnlySpan<byte> argument)
    {
        if (!TryWord(ref argument, out var word) || !TryNumber(word, ushort.MaxValue, out var port) || port == 0)
        {
            return;
        }

        media.RtcpPort = port;
        if (TryWord(ref argument, out var net) && net.SequenceEqual("IN"u8) && TryWord(ref argument, out var type)
            && TryWord(ref argument, out var address))
        {
            media.RtcpAddress = ParseAddress(type, address);
        }
    }
}
