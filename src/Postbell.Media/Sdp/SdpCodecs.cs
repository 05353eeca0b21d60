using System.Globalization;
using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Sdp;

/// <summary>Which payload types of a media section we can use.</summary>
internal sealed class SdpCodecs
{
    /// <summary>Payload type of comfort noise with a clock of 8000 (RFC 3551, table 4).</summary>
    public const byte ComfortNoise = 13;

    /// <summary>Name of comfort noise in descriptions.</summary>
    public const string NoiseName = "CN";

    private readonly Dictionary<byte, VoiceCodec> _voice = [];
    private readonly Dictionary<byte, int> _events = [];
    private readonly Dictionary<byte, int> _noise = [];

    private SdpCodecs()
    {
    }

    /// <summary>The audio to send; null when there is none that we speak.</summary>
    public (byte PayloadType, VoiceCodec Codec)? Audio { get; private set; }

    /// <summary>All voice payload types that we speak.</summary>
    public IReadOnlyDictionary<byte, VoiceCodec> Voice => _voice;

    /// <summary>All payload types of key presses, with their clock rates.</summary>
    public IReadOnlyDictionary<byte, int> Events => _events;

    /// <summary>The key presses to send: with the clock of the audio, or else any.</summary>
    public (byte PayloadType, int ClockRate)? Event { get; private set; }

    /// <summary>All payload types of comfort noise (RFC 3389), with their clock rates.</summary>
    public IReadOnlyDictionary<byte, int> Noise => _noise;

    /// <summary>What the peer asks of our Opus encoder.</summary>
    public OpusParameters Opus { get; private set; } = OpusParameters.Default;

    /// <summary>The comfort noise to send: with the clock of the audio; null when there is none, and beside Opus, which has its own way.</summary>
    public byte? NoiseToSend
    {
        get
        {
            foreach (var (type, rate) in _noise)
            {
                if (Audio is { Codec: not VoiceCodec.Opus } audio && rate == audio.Codec.ClockRate())
                {
                    return type;
                }
            }

            return null;
        }
    }

    /// <summary>Reads a section.</summary>
    /// <param name="media">The section.</param>
    /// <param name="codecs">What we speak, in our order.</param>
    /// <param name="oursFirst">True chooses by our order, false by theirs.</param>
    public static SdpCodecs Of(SdpMedia media, IReadOnlyList<VoiceCodec> codecs, bool oursFirst)
    {
        var found = new SdpCodecs();
        foreach (var format in media.Formats)
        {
            if (byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var type) && type <= 127)
            {
                found.Take(media, type, codecs);
            }
        }

        if (oursFirst)
        {
            found.ChooseOurs(codecs);
        }

        if (found.Audio is { Codec: var codec } audio)
        {
            found.Opus = codec == VoiceCodec.Opus ? SdpOpusParameters.Parse(media.ParametersOf(audio.PayloadType)) : OpusParameters.Default;
            found.Event = found.EventFor(codec.ClockRate());
        }

        return found;
    }

    private static SdpPayloadMap? MapOf(SdpMedia media, byte type)
    {
        foreach (var map in media.PayloadMaps)
        {
            if (map.PayloadType == type)
            {
                return map;
            }
        }

        foreach (var codec in Enum.GetValues<VoiceCodec>())
        {
            if (codec.StaticPayloadType() == type)
            {
                return new SdpPayloadMap(type, codec.Name(), codec.ClockRate(), 1);
            }
        }

        return type == ComfortNoise ? new SdpPayloadMap(type, NoiseName, G711.SampleRate, 1) : null;
    }

    private void Take(SdpMedia media, byte type, IReadOnlyList<VoiceCodec> codecs)
    {
        if (MapOf(media, type) is not { } map)
        {
            return;
        }

        foreach (var codec in codecs)
        {
            if (map.Means(codec))
            {
                _voice.TryAdd(type, codec);
                Audio ??= (type, codec);
            }
        }

        if (map is { Channels: 1, ClockRate: 8000 or 48000 } && map.Encoding.Equals("telephone-event", StringComparison.OrdinalIgnoreCase))
        {
            _events.TryAdd(type, map.ClockRate);
        }

        if (map is { Channels: 1, ClockRate: 8000 or 16000 or 32000 or 48000 } && map.Encoding.Equals(NoiseName, StringComparison.OrdinalIgnoreCase))
        {
            _noise.TryAdd(type, map.ClockRate);
        }
    }

    private void ChooseOurs(IReadOnlyList<VoiceCodec> codecs)
    {
        foreach (var wanted in codecs)
        {
            foreach (var (type, codec) in _voice)
            {
                if (codec == wanted)
                {
                    Audio = (type, codec);
                    return;
                }
            }
        }
    }

    private (byte PayloadType, int ClockRate)? EventFor(int clockRate)
    {
        (byte, int)? any = null;
        foreach (var (type, rate) in _events)
        {
            if (rate == clockRate)
            {
                return (type, rate);
            }

            any ??= (type, rate);
        }

        return any;
    }
}
