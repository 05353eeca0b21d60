using System.Net;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;
using Postbell.Media.Rtp;
using Postbell.Media.Sdp;
using Postbell.Media.Tests.Engine;

namespace Postbell.Media.Tests.Bridging;

/// <summary>One call of a bridge and the person at its end, who speaks through a network that may be bad and keeps every packet that comes.</summary>
internal sealed class BridgeLeg : IDisposable
{
    private readonly IPacketPort _port;
    private readonly PacketBatch _batch;
    private readonly PeerAddress _server;
    private readonly IAudioEncoder _encoder;
    private readonly byte[] _payload = new byte[IAudioEncoder.MaxBytes];
    private readonly byte[] _packet = new byte[RtpPacket.HeaderBytes + IAudioEncoder.MaxBytes];
    private readonly int _ptime;
    private double _nextMs;
    private int _position;

    public BridgeLeg(MediaEngine engine, InMemoryNetwork network, string server, string peer, VoiceCodec codec, int ptime, byte? events)
    {
        Codec = codec;
        _ptime = ptime;
        _encoder = CodecSupport.CreateEncoder(codec, OpusParameters.Default);
        _batch = network.CreateBatch();
        _port = network.TryBind(IPAddress.Parse(peer), 6000)!;
        Session = engine.Open(IPAddress.Parse(server), Events);
        _server = PeerAddress.From(Session.LocalRtp);
        Agreed = EngineRig.Agreed(_port.Local) with
        {
            Codec = codec,
            PayloadType = codec.StaticPayloadType() ?? 96,
            Ptime = ptime,
            TelephoneEventPayloadType = events,
        };
    }

    public VoiceCodec Codec { get; }

    public MediaSession Session { get; }

    public RecordedEvents Events { get; } = new();

    public NegotiatedAudio Agreed { get; set; }

    public List<(ushort Sequence, uint Timestamp, byte Type, bool Marker, byte[] Payload)> Heard { get; } = [];

    /// <summary>What this person says, at the rate of the codec; null is silence without packets.</summary>
    public short[]? Voice { get; set; }

    /// <summary>The way of the packets; null is a perfect network.</summary>
    public LossyLink? Link { get; set; }

    public double DriftPpm { get; set; }

    public bool Discards { get; set; }

    public ushort Sequence { get; set; } = 65_000;

    public uint Timestamp { get; set; } = 0xFFFF_0000;

    public void Update()
    {
        Session.Start(Agreed, symmetric: false);
    }

    public void Say(short[] voice)
    {
        Voice = voice;
        _position = 0;
    }

    public void Speak(double nowMs)
    {
        var samples = _ptime * Codec.SampleRate() / 1000;
        while (_nextMs <= nowMs)
        {
            if (Voice is { } voice && _position + samples <= voice.Length)
            {
                Send(voice.AsSpan(_position, samples), nowMs);
                _position += samples;
            }

            Timestamp += (uint)(_ptime * Codec.ClockRate() / 1000);
            _nextMs += _ptime / (1 + (DriftPpm / 1e6));
        }

        Link?.Leave(nowMs, p => _port.Send(p, _server));
    }

    /// <summary>A whole key press at once.</summary>
    public void Press(char key)
    {
        for (var i = 1; i <= 7; i++)
        {
            new TelephoneEvent(TelephoneEvent.EventOf(key)!.Value, i > 4, 10, (ushort)Math.Min(i * 160, 640)).Write(_payload);
            RtpPacket.WriteHeader(_packet, 101, i == 1, Sequence++, Timestamp, 0xCAFE);
            _payload.AsSpan(0, 4).CopyTo(_packet.AsSpan(RtpPacket.HeaderBytes));
            _port.Send(_packet.AsSpan(0, RtpPacket.HeaderBytes + 4), _server);
        }
    }

    public void Listen()
    {
        int count;
        while ((count = _port.Receive(_batch)) > 0)
        {
            for (var i = 0; i < count && !Discards; i++)
            {
                RtpPacket.TryParse(_batch.Packet(i), out var packet).ShouldBe(RtpParseFailure.None);
                Heard.Add((packet.Sequence, packet.Timestamp, packet.PayloadType, packet.Marker, packet.Payload.ToArray()));
            }
        }
    }

    /// <summary>What was heard, decoded in the order it came.</summary>
    public short[] Sound()
    {
        using var decoder = CodecSupport.CreateDecoder(Codec);
        var samples = new short[IAudioDecoder.MaxSamples];
        var sound = new List<short>();
        foreach (var packet in Heard.Where(p => p.Type == Agreed.PayloadType))
        {
            sound.AddRange(samples.AsSpan(0, decoder.Decode(packet.Payload, samples)));
        }

        return [.. sound];
    }

    public void Dispose() => _encoder.Dispose();

    private void Send(ReadOnlySpan<short> sound, double nowMs)
    {
        var length = _encoder.Encode(sound, _payload);
        RtpPacket.WriteHeader(_packet, Agreed.PayloadType, false, Sequence++, Timestamp, 0xCAFE);
        _payload.AsSpan(0, length).CopyTo(_packet.AsSpan(RtpPacket.HeaderBytes));
        var packet = _packet.AsSpan(0, RtpPacket.HeaderBytes + length);
        if (Link is { } link)
        {
            link.Enter(packet.ToArray(), nowMs);
        }
        else
        {
            _port.Send(packet, _server);
        }
    }
}
