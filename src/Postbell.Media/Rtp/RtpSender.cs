using Postbell.Core;
using Postbell.Media.Bridging;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;
using Postbell.Media.Playback;
using Postbell.Media.Sdp;
using Postbell.Media.Srtp;

namespace Postbell.Media.Rtp;

/// <summary>
/// Sends one call's packets at the pace of the line, and nothing while there is nothing to say. Timestamps follow the clock across pauses; the marker bit
/// stands at the first packet after one.
/// </summary>
internal sealed class RtpSender(EngineLoop loop, SrtpChannel srtp, uint ssrc, ushort sequence, uint timestampBase) : IDisposable
{
    private const int EndRepeats = 3;
    private const int TicksPerMs = 8;
    private const int WideSamplesPerMs = 16;

    // A playback that follows another within this time goes on in the same stream of talk.
    private const int SameTalkMs = 20;
    private const int LongestLeadMs = 1000;
    private const int KnownNumbers = 0x4000;

    private ushort _sequence = sequence;
    private uint _timestamp;
    private long _nextTick;
    private NegotiatedAudio? _audio;
    private int _packetMs = 20;
    private int _packetTicks = EngineLoop.Slots;
    private PeerAddress _destination;
    private IAudioEncoder? _encoder;
    private bool _clockChanged;
    private bool _passing;
    private SilenceSuppressor? _silence;
    private SilenceVerdict _verdict;
    private bool _isQuiet;
    private ushort _firstPassed;
    private ushort _sequenceOffset;
    private uint _timestampOffset;

    public uint Ssrc => ssrc;

    public Player? Player { get; set; }

    public DigitSending? Digit { get; set; }

    /// <summary>What the peer of a joined call says; null when there is none. Playback and keys of our own come first.</summary>
    public BridgeOutlet? Bridge { get; set; }

    /// <summary>Length of our packets in milliseconds.</summary>
    public int PacketMs => _packetMs;

    /// <summary>Timestamp units of what we send, per millisecond.</summary>
    public int ClockPerMs { get; private set; } = TicksPerMs;

    public long Packets { get; private set; }

    public long Octets { get; private set; }

    /// <summary>Ticks between the slots in which this session must be visited to keep its pace.</summary>
    public int SlotStride { get; private set; } = EngineLoop.Slots;

    private bool CanSend => _audio is { MaySend: true };

    public void Configure(NegotiatedAudio audio)
    {
        if (_audio?.Codec != audio.Codec || _audio.Opus != audio.Opus)
        {
            _encoder?.Dispose();
            _encoder = null;
        }

        _audio = audio;
        _silence = audio.ComfortNoisePayloadType is null ? null : _silence ?? new SilenceSuppressor();
        var clockPerMs = audio.Codec.ClockRate() / 1000;
        _clockChanged |= clockPerMs != ClockPerMs;
        ClockPerMs = clockPerMs;
        _packetMs = audio.Codec == VoiceCodec.Opus ? OpusPacketMs(audio.Ptime) : Math.Clamp(audio.Ptime / 5 * 5, 10, 60);
        _packetTicks = _packetMs * 1_000_000 / (int)EngineLoop.TickNs;
        SlotStride = (int)Gcd(_packetTicks, EngineLoop.Slots);
    }

    /// <summary>Frees the encoder.</summary>
    public void Dispose() => _encoder?.Dispose();

    public void SendTo(in PeerAddress destination) => _destination = destination;

    /// <summary>Our RTP clock at a moment.</summary>
    public uint TimestampAt(long nowNs) => timestampBase + (uint)(nowNs / 125_000 * (ClockPerMs / TicksPerMs));

    /// <summary>
    /// Sends the first packet of something that just began at once instead of at the session's next slot; returns the tick at which the next one is due, or
    /// null when the pace or a hold makes it wait.
    /// </summary>
    public long? BeginNow(IPacketPort port, long nowNs)
    {
        if (!CanSend || nowNs / EngineLoop.TickNs < _nextTick || IsPaused() || Player is { IsExhausted: true })
        {
            return null;
        }

        SendOne(port, nowNs);
        _nextTick = ((nowNs + (EngineLoop.TickNs / 2)) / EngineLoop.TickNs) + _packetTicks;
        return _nextTick;
    }

    /// <summary>Sends what is due at a tick.</summary>
    public void Visit(IPacketPort port, long tick)
    {
        if ((Player is null && Digit is null && Bridge is null) || tick < _nextTick || !CanSend || IsPaused())
        {
            return;
        }

        var now = tick * EngineLoop.TickNs;

        if (Digit is { IsOver: true } digit)
        {
            digit.Done();
        }
        else if (Digit is null && Player is { IsExhausted: true } player)
        {
            player.CompleteAll();
        }
        else if (Player is not null || Digit is not null || !Bridge!.IsPassing || Bridge.Music(now) is not null)
        {
            SendOne(port, now);
            _nextTick = tick + _packetTicks;
        }
    }

    private bool IsPaused() => Digit is null && Player is { } player && !player.Follow();

    /// <summary>The next packet that is passed on belongs to another stream than those before.</summary>
    public void BeginPassing() => _passing = false;

    /// <summary>
    /// Passes a packet of a joined call on as it came, with numbers and timestamps of our stream: holes and another order stay what they are. False when
    /// something else is being sent or sending is not allowed.
    /// </summary>
    public bool Pass(IPacketPort port, ushort sequence, uint timestamp, ReadOnlySpan<byte> payload, long nowNs)
    {
        if (!CanSend || Player is not null || Digit is not null || payload.Length > loop.SendBuffer.Length - RtpPacket.HeaderBytes - SrtpContext.MaxGrowth)
        {
            _passing = false;
            return false;
        }

        var first = !_passing;
        if (first)
        {
            FollowClock(nowNs);
            _passing = true;
            _firstPassed = sequence;
            _sequenceOffset = (ushort)(_sequence - sequence);
            _timestampOffset = _timestamp - timestamp;
        }

        var sinceFirst = (short)(sequence - _firstPassed);
        if (sinceFirst < 0)
        {
            return false;
        }

        _firstPassed = sinceFirst > KnownNumbers ? (ushort)(sequence - (KnownNumbers / 2)) : _firstPassed;
        SendPassed(port, (ushort)(sequence + _sequenceOffset), timestamp + _timestampOffset, payload, first);
        return true;
    }

    /// <summary>Opus has packets of 10, 20, 40 and 60 ms: the longest that is not longer than wanted.</summary>
    private static int OpusPacketMs(int ptime) => ptime switch { >= 60 => 60, >= 40 => 40, >= 20 => 20, _ => 10 };

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    private void SendOne(IPacketPort port, long nowNs)
    {
        _passing = false;
        var pause = FollowClock(nowNs);
        if (Digit is { IsSound: false } digit && _audio!.TelephoneEventPayloadType is { } type)
        {
            SendDigit(port, digit, type);
        }
        else
        {
            SendAudio(port, pause, nowNs);
        }
    }

    /// <summary>Behind the clock by a packet or more, there was a pause: true, and the timestamp is the clock's.</summary>
    private bool FollowClock(long nowNs)
    {
        var behind = (int)(TimestampAt(nowNs) - _timestamp);
        var pause = Packets == 0 || _clockChanged || behind >= SameTalkMs * ClockPerMs || behind < -LongestLeadMs * ClockPerMs;
        if (pause)
        {
            _clockChanged = false;
            _timestamp = TimestampAt(nowNs);
        }

        return pause;
    }

    private void SendAudio(IPacketPort port, bool pause, long nowNs)
    {
        if (pause)
        {
            _silence?.Reset();
            _isQuiet = false;
        }

        var payload = loop.SendBuffer.AsSpan(RtpPacket.HeaderBytes, loop.SendBuffer.Length - RtpPacket.HeaderBytes - SrtpContext.MaxGrowth);
        _verdict = SilenceVerdict.Sound;
        var length = Fill(payload, nowNs);
        var type = _audio!.PayloadType;
        if (_verdict == SilenceVerdict.Noise)
        {
            type = _audio.ComfortNoisePayloadType!.Value;
            _silence!.Payload.CopyTo(payload);
            length = _silence.Payload.Length;
        }

        if (length > 0 && _verdict != SilenceVerdict.Nothing)
        {
            // The first sound behind a pause, whether nothing was played or silence.
            RtpPacket.WriteHeader(loop.SendBuffer, type, _verdict == SilenceVerdict.Sound && (pause || _isQuiet), _sequence++, _timestamp, ssrc);
            Send(port, RtpPacket.HeaderBytes + length);
        }

        _isQuiet = _verdict != SilenceVerdict.Sound;
        _timestamp += (uint)(_packetMs * ClockPerMs);
    }

    private void SendPassed(IPacketPort port, ushort sequence, uint timestamp, ReadOnlySpan<byte> payload, bool marker)
    {
        RtpPacket.WriteHeader(loop.SendBuffer, _audio!.PayloadType, marker, sequence, timestamp, ssrc);
        payload.CopyTo(loop.SendBuffer.AsSpan(RtpPacket.HeaderBytes));
        if ((short)(sequence + 1 - _sequence) > 0)
        {
            _sequence = (ushort)(sequence + 1);
            _timestamp = timestamp + (uint)(_packetMs * ClockPerMs);
        }

        Send(port, RtpPacket.HeaderBytes + payload.Length);
    }

    private int Fill(Span<byte> payload, long nowNs)
    {
        if (Digit is { } digit)
        {
            return FillTone(payload, digit);
        }

        if ((Player ?? Bridge?.Music(nowNs)) is not { } player)
        {
            return Bridge!.Fill(payload, nowNs);
        }

        return _audio!.Codec.LawOf() is { } law ? FillCompanded(payload, player, law) : FillEncoded(payload, player);
    }

    /// <summary>G.711 is companded once per clip, for all calls, and copied from there.</summary>
    private int FillCompanded(Span<byte> payload, Player player, G711Law law)
    {
        var ticks = _packetMs * TicksPerMs;
        player.Fill(payload[..ticks], law);
        if (_silence is { } silence)
        {
            var samples = loop.Samples.AsSpan(0, ticks);
            G711.Decode(payload[..ticks], samples, law);
            _verdict = silence.Judge(samples, _packetMs, spectrum: true);
        }

        return ticks;
    }

    /// <summary>Codecs that remember are encoded for each call: the decoder would hear a seam wherever a clip with a memory of its own begins.</summary>
    private int FillEncoded(Span<byte> payload, Player player)
    {
        var samples = loop.Samples.AsSpan(0, _packetMs * WideSamplesPerMs);
        player.Fill(samples);
        if (_silence is { } silence)
        {
            // What is not sent is not encoded either: the decoder of the peer would miss it.
            _verdict = silence.Judge(samples, _packetMs, spectrum: false);
            return _verdict == SilenceVerdict.Sound ? Encoder().Encode(samples, payload) : 0;
        }

        var length = Encoder().Encode(samples, payload);
        _verdict = _audio!.Opus.Discontinuous && length is > 0 and <= OpusEncoder.LongestOfSilence ? SilenceVerdict.Nothing : _verdict;
        return length;
    }

    private int FillTone(Span<byte> payload, DigitSending digit)
    {
        var encoder = Encoder();
        var samples = loop.Samples.AsSpan(0, _packetMs * encoder.SampleRate / 1000);
        digit.Next(samples, encoder.SampleRate);
        return encoder.Encode(samples, payload);
    }

    private IAudioEncoder Encoder() => _encoder ??= CodecSupport.CreateEncoder(_audio!.Codec, _audio.Opus);

    private void SendDigit(IPacketPort port, DigitSending digit, byte type)
    {
        // All packets of a press carry the time it began; the clock goes on behind it.
        var first = digit.IsFirst;
        var before = digit.SentMs;
        var start = _timestamp - (uint)(before * ClockPerMs);
        var content = digit.Next(_packetMs, _audio!.TelephoneEventClockRate / 1000);
        _timestamp += (uint)((digit.SentMs - before) * ClockPerMs);
        var packet = loop.SendBuffer.AsSpan(0, RtpPacket.HeaderBytes + TelephoneEvent.Bytes);
        for (var i = 0; i < (content.End ? EndRepeats : 1); i++)
        {
            RtpPacket.WriteHeader(packet, type, first && i == 0, _sequence++, start, ssrc);
            content.Write(packet[RtpPacket.HeaderBytes..]);
            Send(port, packet.Length);
        }
    }

    /// <summary>Sends what stands in the loop's buffer, encrypted when so agreed.</summary>
    private void Send(IPacketPort port, int length)
    {
        var sent = srtp.IsOn ? srtp.Protect(loop.SendBuffer, length) : length;
        if (sent > 0 && port.Send(loop.SendBuffer.AsSpan(0, sent), _destination))
        {
            Packets++;
            Octets += length - RtpPacket.HeaderBytes;
            loop.Counters.PacketsOut++;
        }
        else
        {
            loop.Counters.SendFailures++;
        }
    }
}
