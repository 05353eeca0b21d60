using System.Globalization;
using Postbell.Media.Codecs;

namespace Postbell.Media.Sdp;

/// <summary>The <c>a=fmtp</c> of Opus (RFC 7587, 6.1 and 7): what the peer wants to receive.</summary>
internal static class SdpOpusParameters
{
    /// <summary>What we say of ourselves: 16 kHz are taken and sent, repeated frames are used.</summary>
    public const string Ours = "maxplaybackrate=16000;sprop-maxcapturerate=16000;useinbandfec=1";

    private const int LeastBitRate = 6000;
    private const int MostBitRate = 510000;

    /// <summary>Reads what stands behind the payload type; what is unknown or out of range is passed over.</summary>
    public static OpusParameters Parse(string parameters)
    {
        var parsed = OpusParameters.Default;
        foreach (var range in parameters.AsSpan().Split(';'))
        {
            var parameter = parameters.AsSpan(range).Trim();
            var equals = parameter.IndexOf('=');
            if (equals <= 0 || !int.TryParse(parameter[(equals + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                continue;
            }

            var name = parameter[..equals].TrimEnd();
            parsed = name switch
            {
                _ when Is(name, "useinbandfec") => parsed with { ForwardCorrection = value == 1 },
                _ when Is(name, "usedtx") => parsed with { Discontinuous = value == 1 },
                _ when Is(name, "cbr") => parsed with { ConstantBitRate = value == 1 },
                _ when Is(name, "maxaveragebitrate") && value is >= LeastBitRate and <= MostBitRate => parsed with { MaxAverageBitRate = value },
                _ => parsed,
            };
        }

        return parsed;
    }

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
