using Postbell.Media.Playback;
using Postbell.Media.Rtp;
using Postbell.Media.Sdp;

namespace Postbell.Media.Engine;

/// <summary>The state of one call's media; touched only by its engine loop.</summary>
internal sealed class SessionCore : IFrameReceiver
{
    private const int MaxBatchesPerVisit = 8;
    private const int VisitsPerReportCheck = 10;

    // Odd, so that it does not keep in step with a pattern of the peer.
    private const int VisitsPerDrain = 7;

    private const byte ComfortNoise = 13;

    private readonly EngineLoop _loop;
    private readonly IPacketPort _rtp;
    private readonly IPacketPort _rtcp;
    private readonly IMediaSessionEvents _events;
    private readonly PayloadKind[] _kinds = new PayloadKind[128];
    private readonly RtpReceiver _receiver;
    private readonly RtpSender _sender;
    private readonly RtcpReporter _reporter;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NegotiatedAudio? _audio;
    private SourceLock _source;
    private KeyPressReceiver _keys;
    private DigitQueue _digits;
    private Recorder? _recorder;
    private DigitWait? _digitWait;
    private PeerAddress _rtcpDestination;
    private long _lastSignNs;
    private int _visits;
    private int _usual = 1;
    private bool _receiving;
    private bool _timeoutReported;
    private bool _isClosed;

    public SessionCore(EngineLoop loop, IPacketPort rtp, IPacketPort rtcp, IMediaSessionEvents events, SessionIdentity identity)
    {
        _loop = loop;
        _rtp = rtp;
        _rtcp = rtcp;
        _events = events;
        _receiver = new RtpReceiver(this);
        _sender = new RtpSender(loop, identity.Ssrc, identity.Sequence, identity.Timestamp);
        _reporter = new RtcpReporter(loop, _receiver, _sender, identity.CanonicalName);
    }

    /// <summary>Slot in which it receives.</summary>
    public int HomeSlot { get; set; }

    /// <summary>Slots between its visits.</summary>
    public int SlotStride => _sender.SlotStride;

    public Task Closed => _closed.Task;

    public long NowNs => _loop.Clock.NowNs;

    private long Foreign { get; set; }

    private long Malformed { get; set; }

    /// <summary>Takes what offer and answer agreed, at first or later.</summary>
    public void Configure(NegotiatedAudio audio, bool symmetric)
    {
        if (_isClosed)
        {
            return;
        }

        var now = NowNs;
        var first = _audio is null;
        var strideBefore = SlotStride;
        if (first)
        {
            Drain(_rtp);
            Drain(_rtcp);
            _reporter.Start(now);
        }

        _audio = audio;
        _sender.Configure(audio);
        _source.Expect(PeerAddress.From(audio.RemoteRtp), symmetric);
        SetDestinations(audio);
        SetKinds(audio);
        SetHold(audio.IsHeld, now);
        if (first || strideBefore != SlotStride)
        {
            _loop.Place(this, first ? now / EngineLoop.TickNs : HomeSlot);
        }

        BeginSending(now);
    }

    public void Begin(Player player)
    {
        if (_isClosed)
        {
            player.Close();
        }
        else if (_sender.Player is not null)
        {
            player.Fail(new InvalidOperationException("Another playback is running."));
        }
        else if (_digits.First is { } digit && player.InterruptedBy.Contains(digit))
        {
            _digits.Take();
            player.Interrupt(digit);
        }
        else
        {
            _sender.Player = player;
            BeginSending(NowNs);
        }
    }

    public void Begin(Recorder recorder)
    {
        if (_isClosed)
        {
            recorder.Begin(NowNs, G711Law.Mu, held: true);
            recorder.End(RecordEnd.Cancelled, null, NowNs);
        }
        else if (_recorder is not null)
        {
            recorder.Fail(new InvalidOperationException("Another recording is running."));
        }
        else
        {
            recorder.Begin(NowNs, _audio?.Law ?? G711Law.Mu, _audio is not { IsHeld: false });
            _recorder = recorder;
        }
    }

    public void Begin(DigitWait wait)
    {
        if (_isClosed)
        {
            wait.Close();
        }
        else if (_digitWait is not null)
        {
            wait.Fail(new InvalidOperationException("Somebody else waits for a key."));
        }
        else if (_digits.Take() is { } digit)
        {
            wait.Give(digit);
        }
        else
        {
            wait.Begin(NowNs);
            _digitWait = wait;
        }
    }

    public void Begin(DigitSending digit)
    {
        if (_isClosed)
        {
            digit.Close();
        }
        else if (_sender.Digit is not null)
        {
            digit.Fail(new InvalidOperationException("Another key press is being sent."));
        }
        else if (_audio is { TelephoneEventPayloadType: null })
        {
            digit.Fail(new InvalidOperationException("The peer takes no telephone-events."));
        }
        else
        {
            _sender.Digit = digit;
            BeginSending(NowNs);
        }
    }

    public void Detach(Player player) => _sender.Player = _sender.Player == player ? null : _sender.Player;

    public void Detach(DigitSending digit) => _sender.Digit = _sender.Digit == digit ? null : _sender.Digit;

    public void Detach(Recorder recorder) => _recorder = _recorder == recorder ? null : _recorder;

    public void Detach(DigitWait wait) => _digitWait = _digitWait == wait ? null : _digitWait;

    public void ClearDigits() => _digits.Clear();

    /// <summary>Gives a recording that ends what still waits in the socket and for missing packets.</summary>
    public void FlushInto(Recorder recorder, long nowNs)
    {
        if (_recorder != recorder)
        {
            return;
        }

        if (!_receiving && !_isClosed)
        {
            TakeAll(nowNs);
        }

        _receiver.Flush(nowNs);
    }

    /// <summary>One visit of the loop.</summary>
    public void Visit(long tick)
    {
        var now = tick * EngineLoop.TickNs;
        if (tick % EngineLoop.Slots == HomeSlot)
        {
            Receive(now);
        }

        _sender.Visit(_rtp, tick);
    }

    /// <summary>Closes the session because a visit failed, most likely in the recording's sink: who waits for the recording hears why.</summary>
    public void Fault(Exception exception)
    {
        if (_recorder is { } recorder)
        {
            Detach(recorder);
            recorder.Fail(exception);
        }

        Close();
    }

    /// <summary>Ends everything and frees the ports.</summary>
    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _recorder?.End(RecordEnd.Cancelled, null, NowNs);
        _isClosed = true;
        _loop.Remove(this);
        if (_audio is not null)
        {
            _reporter.Send(_rtcp, _rtcpDestination, NowNs, bye: true);
        }

        _rtp.Dispose();
        _rtcp.Dispose();
        _sender.Player?.Close();
        _sender.Digit?.Close();
        _digitWait?.Close();
        _closed.TrySetResult();
    }

    public MediaStatistics Snapshot() => new()
    {
        PacketsReceived = _receiver.Received,
        PacketsSent = _sender.Packets,
        PacketsLost = _receiver.Lost,
        Reordered = _receiver.Reordered,
        Duplicates = _receiver.Duplicates,
        Late = _receiver.Late,
        Foreign = Foreign,
        Malformed = Malformed,
        SourceChanges = _receiver.SourceChanges,
        Jitter = TimeSpan.FromMicroseconds(_receiver.JitterSamples * 125),
        RoundTrip = _reporter.RoundTrip,
        PeerLost = _reporter.PeerLost,
        PeerJitter = _reporter.PeerJitter,
        ReportsReceived = _reporter.ReportsReceived,
    };

    void IFrameReceiver.OnFrame(PayloadKind kind, uint timestamp, ReadOnlySpan<byte> payload, long nowNs)
    {
        if (_recorder is { } recorder && kind is PayloadKind.Mu or PayloadKind.A)
        {
            recorder.OnAudio(timestamp, payload, kind == PayloadKind.A ? G711Law.A : G711Law.Mu, nowNs);
        }
    }

    void IFrameReceiver.OnStreamChanged() => _recorder?.OnStreamChanged();

    private void SetDestinations(NegotiatedAudio audio)
    {
        var learned = _source.IsLocked && _source.IsSymmetric;
        _sender.SendTo(learned ? _source.Source : PeerAddress.From(audio.RemoteRtp));
        _rtcpDestination = learned ? _source.Source with { Port = (ushort)(_source.Source.Port + 1) } : PeerAddress.From(audio.RemoteRtcp);
    }

    private void SetKinds(NegotiatedAudio audio)
    {
        Array.Clear(_kinds);

        // The static types always mean the same (RFC 3551), whatever was agreed besides.
        _kinds[0] = PayloadKind.Mu;
        _kinds[8] = PayloadKind.A;
        _kinds[ComfortNoise] = PayloadKind.ComfortNoise;
        _kinds[audio.MuPayloadType] = PayloadKind.Mu;
        _kinds[audio.APayloadType] = PayloadKind.A;
        if (audio.TelephoneEventPayloadType is { } type)
        {
            _kinds[type] = PayloadKind.TelephoneEvent;
        }
    }

    private void SetHold(bool held, long now)
    {
        _lastSignNs = now;
        _timeoutReported = false;
        if (held)
        {
            _recorder?.Hold(now);
        }
        else
        {
            _recorder?.Resume(now);
        }
    }

    private void BeginSending(long now)
    {
        if ((_sender.Player is not null || _sender.Digit is not null) && _sender.BeginNow(_rtp, now) is { } nextTick)
        {
            _loop.Place(this, nextTick);
        }
    }

    private void Drain(IPacketPort port)
    {
        for (var i = 0; i < MaxBatchesPerVisit * 4 && port.Receive(_loop.Batch) == PacketBatch.Capacity; i++)
        {
        }
    }

    private void Receive(long now)
    {
        _receiving = true;
        if (_visits % VisitsPerDrain == 0 || !TakeUsual(now))
        {
            TakeAll(now);
        }

        _receiving = false;
        _receiver.Expire(now);
        if (_keys.Expire(now) is { } press)
        {
            _events.OnDigit(press.Key, press.DurationMs);
        }

        _recorder?.Step(now);
        _digitWait?.Step(now);
        if (_visits++ % VisitsPerReportCheck == 0)
        {
            ReceiveReports(now);
            _reporter.Visit(_rtcp, _rtcpDestination, now);
            CheckTimeout(now);
        }
    }

    /// <summary>
    /// Takes as many packets as usually wait, mostly one, and does not ask the system for more: that question costs as much as a packet. Anything but the
    /// next packet of audio makes it look further. False when so much waits that everything should be taken.
    /// </summary>
    private bool TakeUsual(long now)
    {
        var batch = _loop.Batch;
        for (var i = 1; i <= PacketBatch.Capacity; i++)
        {
            if (!_rtp.ReceiveOne(batch) || (OnDatagram(batch.Packet(0), batch.Source(0), 0, now) && i >= _usual))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes what waits, with the times of arrival for the jitter, and learns how much that usually is.</summary>
    private void TakeAll(long now)
    {
        var batch = _loop.Batch;
        var count = PacketBatch.Capacity;
        var total = 0;
        for (var round = 0; round < MaxBatchesPerVisit && count == PacketBatch.Capacity; round++)
        {
            count = _rtp.Receive(batch);
            total += count;
            for (var i = 0; i < count; i++)
            {
                OnDatagram(batch.Packet(i), batch.Source(i), ArrivalNs(batch.ArrivalUnixNs(i), now), now);
            }
        }

        _usual = Math.Clamp(total, 1, PacketBatch.Capacity);
    }

    /// <summary>The kernel's time of arrival in engine time; it cannot lie ahead, nor far behind unless the system's clock was set.</summary>
    private long ArrivalNs(long unixNs, long now)
    {
        var arrival = unixNs - _loop.UnixOffsetNs;
        return unixNs == 0 || Math.Abs(now - arrival) > 1_000_000_000 ? now : arrival;
    }

    /// <summary>Takes a datagram; true when it was the peer's next packet of audio, nothing else.</summary>
    private bool OnDatagram(ReadOnlySpan<byte> datagram, in PeerAddress from, long arrivalNs, long now)
    {
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
            Foreign += verdict == SourceVerdict.Foreign ? 1 : 0;
            _loop.Counters.Foreign += verdict == SourceVerdict.Foreign ? 1 : 0;
            return false;
        }

        if (!wasLocked && _source.IsLocked)
        {
            SetDestinations(_audio!);
        }

        return Accept(packet, kind, arrivalNs, now);
    }

    private bool Accept(in RtpPacket packet, PayloadKind kind, long arrivalNs, long now)
    {
        _lastSignNs = now;
        _timeoutReported = false;
        if (!_receiver.Accept(packet, kind, arrivalNs, now))
        {
            return false;
        }

        _loop.Counters.PacketsIn++;
        if (kind is PayloadKind.Mu or PayloadKind.A)
        {
            return true;
        }

        if (kind == PayloadKind.Unknown)
        {
            CountMalformed();
        }
        else if (kind == PayloadKind.TelephoneEvent && TelephoneEvent.TryParse(packet.Payload, out var telephoneEvent))
        {
            OnTelephoneEvent(telephoneEvent, packet.Timestamp, now);
        }

        return false;
    }

    private void OnTelephoneEvent(in TelephoneEvent telephoneEvent, uint timestamp, long now)
    {
        var pressed = _keys.Accept(telephoneEvent, timestamp, now, out var ended);
        if (pressed is { } key)
        {
            Press(key, now);
        }

        if (ended is { } press)
        {
            _events.OnDigit(press.Key, press.DurationMs);
        }
    }

    /// <summary>A key acts when it goes down: on the recording, on the playback, on who waits for it, or else on the queue.</summary>
    private void Press(char key, long now)
    {
        if (_recorder is { } recorder && recorder.StopDigits.Contains(key))
        {
            recorder.End(RecordEnd.Digit, key, now);
        }
        else if (_sender.Player is { } player && player.InterruptedBy.Contains(key))
        {
            player.Interrupt(key);
        }
        else if (_digitWait is { } wait)
        {
            wait.Give(key);
        }
        else
        {
            _digits.Add(key);
        }
    }

    private void ReceiveReports(long now)
    {
        var batch = _loop.Batch;
        var count = _rtcp.Receive(batch);
        for (var i = 0; i < count; i++)
        {
            var expected = _source.IsLocked ? _source.Source : PeerAddress.From(_audio!.RemoteRtcp);
            if (!batch.Source(i).SameHost(expected))
            {
                Foreign++;
                _loop.Counters.Foreign++;
            }
            else if (_reporter.Read(batch.Packet(i), ArrivalNs(batch.ArrivalUnixNs(i), now)))
            {
                _lastSignNs = now;
            }
            else
            {
                CountMalformed();
            }
        }
    }

    private void CheckTimeout(long now)
    {
        if (!_timeoutReported && _audio is { IsHeld: false } && now - _lastSignNs >= _loop.Options.RtpTimeout.Ticks * 100)
        {
            _timeoutReported = true;
            _events.OnRtpTimeout();
        }
    }

    private void CountMalformed()
    {
        Malformed++;
        _loop.Counters.Malformed++;
    }
}
