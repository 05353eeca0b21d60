using System.Buffers.Binary;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;
using Postbell.Media.Jitter;
using Postbell.Media.Playback;
using Postbell.Media.Rtp;
using Postbell.Media.Sdp;

namespace Postbell.Media.Bridging;

/// <summary>
/// The end of a bridge at the leg that hears. Packets in the codec and of the length that this leg wants go on as they came, at once, with their holes:
/// its peer has a jitter buffer of its own. Others are played into a jitter buffer here and encoded anew at an even pace. Used by this leg's engine thread.
/// </summary>
internal sealed class BridgeOutlet : IDisposable
{
    private const long QuietNs = 200_000_000;
    private const int MaxPresses = 16;
    private const int ShortestPressMs = 80;

    private readonly BridgeRing _ring;
    private readonly JitterOptions _options;
    private readonly uint _seed;
    private readonly Player? _music;
    private readonly Queue<(byte Event, int Ms)> _presses = new(MaxPresses);
    private readonly short[] _sound = new short[IAudioDecoder.MaxSamples];
    private NegotiatedAudio? _audio;
    private JitterBuffer? _buffer;
    private IAudioEncoder? _encoder;
    private int _packetMs;
    private byte _stream;
    private bool _decided;
    private long _lastPacketNs;

    /// <summary>The end of one direction.</summary>
    /// <param name="ring">Leads here from the other leg.</param>
    /// <param name="options">Bounds of the delay.</param>
    /// <param name="seed">Begins the random numbers of the comfort noise.</param>
    /// <param name="music">Heard while the other peer holds the call and sends nothing; null for silence.</param>
    public BridgeOutlet(BridgeRing ring, JitterOptions options, uint seed, Player? music)
    {
        _ring = ring;
        _options = options;
        _seed = seed;
        _music = music;
    }

    /// <summary>True while packets go on as they came.</summary>
    public bool IsPassing { get; private set; }

    /// <summary>Packets that went on as they came.</summary>
    public long Passed { get; private set; }

    /// <summary>What the jitter buffer did; zeros while packets go on as they come.</summary>
    public JitterStatistics Jitter => _buffer?.Statistics ?? default;

    /// <summary>Takes what this leg agreed with its peer.</summary>
    public void Configure(NegotiatedAudio audio, int packetMs)
    {
        if (_audio?.Codec != audio.Codec || _audio.Opus != audio.Opus)
        {
            _encoder?.Dispose();
            _encoder = null;
            if (_buffer?.SampleRate != audio.Codec.SampleRate())
            {
                _buffer?.Dispose();
                _buffer = null;
            }
        }

        for (; _audio is null && _ring.TryPeek(out _, out _); _ring.Release())
        {
            // What was said before this leg could hear.
        }

        _audio = audio;
        _ring.TakesEvents = audio.TelephoneEventPayloadType is not null;
        _packetMs = packetMs;
        _decided = false;
    }

    /// <summary>Takes what came over the bridge; packets that go on as they are go out here.</summary>
    public void Pump(RtpSender sender, IPacketPort port, long nowNs)
    {
        while (_ring.TryPeek(out var packet, out var payload))
        {
            if (packet.Kind == PayloadKind.TelephoneEvent)
            {
                if (_presses.Count < MaxPresses)
                {
                    _presses.Enqueue((payload[0], Math.Max(ShortestPressMs, (int)BinaryPrimitives.ReadUInt16BigEndian(payload[1..]))));
                }
            }
            else if (_audio is not null)
            {
                Take(packet, payload, sender, port, nowNs);
            }

            _ring.Release();
        }
    }

    /// <summary>A key press of the other leg to send on; null when there is none.</summary>
    public (byte Event, int Ms)? TakePress() => _presses.TryDequeue(out var press) ? press : null;

    /// <summary>The music to send now; null when there is none or something better is to be heard.</summary>
    public Player? Music(long nowNs) => _ring.IsHeld && nowNs - _lastPacketNs > QuietNs ? _music : null;

    /// <summary>Encodes the next packet; returns its length.</summary>
    public int Fill(Span<byte> payload, long nowNs)
    {
        _encoder ??= CodecSupport.CreateEncoder(_audio!.Codec, _audio.Opus);
        var sound = _sound.AsSpan(0, _packetMs * _encoder.SampleRate / 1000);
        Buffer().Pull(sound, nowNs);
        return _encoder.Encode(sound, payload);
    }

    public void Dispose()
    {
        _buffer?.Dispose();
        _encoder?.Dispose();
    }

    private JitterBuffer Buffer() => _buffer ??= new JitterBuffer(_audio!.Codec.SampleRate(), _options, _seed);

    private void Take(in BridgePacket packet, ReadOnlySpan<byte> payload, RtpSender sender, IPacketPort port, long nowNs)
    {
        _lastPacketNs = nowNs;
        if (packet.Stream != _stream)
        {
            _stream = packet.Stream;
            _decided = false;
            _buffer?.StreamChanged();
            sender.BeginPassing();
        }

        VoiceCodec? codec = packet.Kind.IsVoice() ? packet.Kind.ToCodec() : null;
        if (codec is not null)
        {
            Decide(codec.Value, payload, sender);
        }

        if (!IsPassing)
        {
            Buffer().Insert(codec, packet.Sequence, packet.Timestamp, payload, nowNs);
        }
        else if (codec is not null && sender.Pass(port, packet.Sequence, packet.Timestamp, payload, nowNs))
        {
            Passed++;
        }
    }

    /// <summary>A stream begins as what its first packet is; once one does not fit, the rest of it is encoded anew.</summary>
    private void Decide(VoiceCodec codec, ReadOnlySpan<byte> payload, RtpSender sender)
    {
        var fits = codec == _audio!.Codec && TicksOf(codec, payload) == _packetMs * 8;
        if (_decided && (!IsPassing || fits))
        {
            return;
        }

        if (fits && !IsPassing)
        {
            sender.BeginPassing();
        }

        _decided = true;
        IsPassing = fits;
    }

    private static int TicksOf(VoiceCodec codec, ReadOnlySpan<byte> payload) => codec == VoiceCodec.Opus ? OpusPacket.Units(payload) * 20 : payload.Length;
}
