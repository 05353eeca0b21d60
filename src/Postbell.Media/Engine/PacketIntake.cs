using Postbell.Media.Bridging;
using Postbell.Media.Codecs;
using Postbell.Media.Rtp;
using Postbell.Media.Sdp;
using Postbell.Media.Srtp;

namespace Postbell.Media.Engine;

/// <summary>Takes the packets of one call from its RTP port: reads them, judges whose they are, and passes the peer's on to be put in order.</summary>
internal sealed class PacketIntake(EngineLoop loop, IPacketPort port, SrtpChannel srtp, RtpReceiver receiver, IIntakeEvents events)
{
    private const int MaxBatches = 8;

    // Odd, so that it does not keep in step with a pattern of the peer.
    private const int VisitsPerDrain = 7;

    private readonly PayloadKind[] _kinds = new PayloadKind[128];
    private SourceLock _source;
    private int _visits;
    private int _usual = 1;
    private bool _taking;

    public long Foreign { get; private set; }

    public long Malformed { get; private set; }

    /// <summary>Encrypted packets that the key did not fit.</summary>
    public long Unauthentic { get; private set; }

    /// <summary>Encrypted packets that were here before.</summary>
    public long Replayed { get; private set; }

    /// <summary>When the peer last gave a sign of life.</summary>
    public long LastSignNs { get; set; }

    /// <summary>Where the peer's packets come from; null until that is certain.</summary>
    public PeerAddress? Source => _source.IsLocked ? _source.Source : null;

    /// <summary>Takes the peer's packets to the leg it is joined with; null when there is none.</summary>
    public BridgeInlet? Inlet { get; set; }

    /// <summary>Where our packets go instead of the negotiated address; null when they go there.</summary>
    public PeerAddress? LearnedDestination => _source.IsSymmetric ? Source : null;

    public void Configure(NegotiatedAudio audio, bool symmetric)
    {
        var peer = PeerAddress.From(audio.RemoteRtp);
        if (!peer.IsUnspecified)
        {
            _source.Expect(peer, symmetric);
        }

        Array.Clear(_kinds);

        // The static types always mean the same (RFC 3551), whatever was agreed besides.
        _kinds[0] = PayloadKind.Mu;
        _kinds[8] = PayloadKind.A;
        _kinds[SdpCodecs.ComfortNoise] = PayloadKind.ComfortNoise;
        foreach (var (type, clockRate) in audio.ReceivesNoise)
        {
            _kinds[type] = clockRate == G711.SampleRate ? PayloadKind.ComfortNoise : PayloadKind.WideComfortNoise;
        }

        foreach (var (type, codec) in audio.Receives)
        {
            _kinds[type] = codec.ToKind();
        }

        _kinds[audio.PayloadType] = _kinds[audio.PayloadType] == PayloadKind.Unknown ? audio.Codec.ToKind() : _kinds[audio.PayloadType];
        foreach (var (type, clockRate) in audio.ReceivesEvents)
        {
            _kinds[type] = EventKind(clockRate);
        }

        if (audio.TelephoneEventPayloadType is { } events)
        {
            _kinds[events] = EventKind(audio.TelephoneEventClockRate);
        }
    }

    /// <summary>Throws away what came before anything was agreed.</summary>
    public static void Discard(IPacketPort port, PacketBatch batch)
    {
        for (var i = 0; i < MaxBatches * 4 && port.Receive(batch) == PacketBatch.Capacity; i++)
        {
        }
    }

    /// <summary>Takes what came since the last visit.</summary>
    public void Visit(long now)
    {
        _taking = true;
        if (_visits++ % VisitsPerDrain == 0 || !TakeUsual(now))
        {
            TakeAll(now);
        }

        _taking = false;
    }

    /// <summary>Takes whatever waits, unless that is going on already.</summary>
    public void Finish(long now)
    {
        if (!_taking)
        {
            TakeAll(now);
        }
    }

    public void CountForeign()
    {
        Foreign++;
        loop.Counters.Foreign++;
    }

    public void CountMalformed()
    {
        Malformed++;
        loop.Counters.Malformed++;
    }

    /// <summary>Counts what the encryption refused; it ends nothing.</summary>
    public void CountRefused(SrtpVerdict verdict)
    {
        if (verdict == SrtpVerdict.Replayed)
        {
            Replayed++;
        }
        else
        {
            Unauthentic++;
            loop.Counters.Unauthentic++;
        }
    }

    private static PayloadKind EventKind(int clockRate) => clockRate == G711.SampleRate ? PayloadKind.TelephoneEvent : PayloadKind.WideTelephoneEvent;

    /// <summary>
    /// Takes as many packets as usually wait, mostly one, and does not ask the system for more: that question costs as much as a packet. Anything but the
    /// next packet of audio makes it look further. False when so much waits that everything should be taken.
    /// </summary>
    private bool TakeUsual(long now)
    {
        var batch = loop.Batch;
        for (var i = 1; i <= PacketBatch.Capacity; i++)
        {
            if (!port.ReceiveOne(batch) || (OnDatagram(batch, 0, 0, now) && i >= _usual))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes what waits, with the times of arrival for the jitter, and learns how much that usually is.</summary>
    private void TakeAll(long now)
    {
        var batch = loop.Batch;
        var count = PacketBatch.Capacity;
        var total = 0;
        for (var round = 0; round < MaxBatches && count == PacketBatch.Capacity; round++)
        {
            count = port.Receive(batch);
            total += count;
            for (var i = 0; i < count; i++)
            {
                OnDatagram(batch, i, loop.EngineTime(batch.ArrivalUnixNs(i), now), now);
            }
        }

        _usual = Math.Clamp(total, 1, PacketBatch.Capacity);
    }

    /// <summary>Takes a datagram; true when it was the peer's next packet of audio, nothing else.</summary>
    private bool OnDatagram(PacketBatch batch, int index, long arrivalNs, long now)
    {
        var datagram = batch.Packet(index);
        ref readonly var from = ref batch.Source(index);
        if (srtp.IsOn && !TryDecrypt(batch, index, ref datagram))
        {
            return false;
        }

        if (RtpPacket.TryParse(datagram, out var packet) != RtpParseFailure.None || packet.Payload.Length > ReorderBuffer.MaxPayload)
        {
            CountMalformed();
            return false;
        }

        var kind = _kinds[packet.PayloadType];
        if (kind == PayloadKind.Unknown && !(_source.IsLocked && from == _source.Source))
        {
            // Teaches nothing about the source.
            CountMalformed();
            return false;
        }

        var wasLocked = _source.IsLocked;
        var verdict = _source.Judge(from, packet.Ssrc, packet.Sequence);
        if (verdict != SourceVerdict.Accept)
        {
            if (verdict == SourceVerdict.Foreign)
            {
                CountForeign();
            }

            return false;
        }

        if (!wasLocked && _source.IsLocked)
        {
            events.OnSourceLocked();
        }

        return Accept(packet, kind, arrivalNs, now);
    }

    /// <summary>Only what the peer's key fits goes on, and so only that teaches where the peer is; strangers are not worth the arithmetic.</summary>
    private bool TryDecrypt(PacketBatch batch, int index, ref ReadOnlySpan<byte> datagram)
    {
        if (!_source.MayBe(batch.Source(index)))
        {
            CountForeign();
            return false;
        }

        var bytes = batch.Slot(index)[..datagram.Length];
        var verdict = srtp.Unprotect(bytes, out var length);
        if (verdict != SrtpVerdict.Accept)
        {
            CountRefused(verdict);
            return false;
        }

        datagram = bytes[..length];
        return true;
    }

    private bool Accept(in RtpPacket packet, PayloadKind kind, long arrivalNs, long now)
    {
        LastSignNs = now;
        if (!receiver.Accept(packet, kind, arrivalNs, now))
        {
            return false;
        }

        loop.Counters.PacketsIn++;
        Inlet?.OnPacket(packet, kind, now);
        if (kind.IsVoice())
        {
            return true;
        }

        if (kind == PayloadKind.Unknown)
        {
            CountMalformed();
        }
        else if (kind.IsEvent() && TelephoneEvent.TryParse(packet.Payload, out var telephoneEvent))
        {
            events.OnTelephoneEvent(telephoneEvent, packet.Timestamp, kind.ClockPerMs(), now);
        }

        return false;
    }
}
