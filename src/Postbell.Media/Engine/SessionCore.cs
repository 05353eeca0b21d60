using Postbell.Core;
using Postbell.Media.Bridging;
using Postbell.Media.Playback;
using Postbell.Media.Rtp;
using Postbell.Media.Sdp;
using Postbell.Media.Srtp;
using Postbell.Media.Tones;

namespace Postbell.Media.Engine;

/// <summary>The state of one call's media; touched only by its engine loop.</summary>
internal sealed partial class SessionCore : IFrameReceiver, IIntakeEvents, IKeyListener, IWideListener
{
    private const int VisitsPerReportCheck = 10;

    // A joined call is served every 5 ms: what people say to each other must not wait for 20.
    private const int BridgedStride = 2;

    private readonly EngineLoop _loop;
    private readonly IPacketPort _rtp;
    private readonly IPacketPort _rtcp;
    private readonly IMediaSessionEvents _events;
    private readonly SrtpChannel _srtp = new();
    private readonly RtpReceiver _receiver;
    private readonly PacketIntake _intake;
    private readonly RtpSender _sender;
    private readonly RtcpReporter _reporter;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WideReception _wide;
    private Action? _bridgeClosed;
    private NegotiatedAudio? _audio;
    private KeyPressReceiver _keys;
    private InBandKeys? _inBandKeys;
    private FaxToneEar? _faxEar;
    private bool _callingToneTold;
    private bool _answeringToneTold;
    private bool _isToldElsewhere;
    private DigitQueue _inBandPresses;
    private DigitQueue _digits;
    private SignalledKeys _signalled;
    private Recorder? _recorder;
    private DigitWait? _digitWait;
    private PeerAddress _rtcpDestination;
    private int _visits;
    private bool _timeoutReported;
    private bool _isClosed;

    public SessionCore(EngineLoop loop, IPacketPort rtp, IPacketPort rtcp, IMediaSessionEvents events, SessionIdentity identity)
    {
        _loop = loop;
        _rtp = rtp;
        _rtcp = rtcp;
        _events = events;
        _receiver = new RtpReceiver(this);
        _wide = new WideReception(loop, this);
        _intake = new PacketIntake(loop, rtp, _srtp, _receiver, this);
        _sender = new RtpSender(loop, _srtp, identity.Ssrc, identity.Sequence, identity.Timestamp);
        _reporter = new RtcpReporter(loop, _srtp, _receiver, _sender, identity.CanonicalName);
    }

    /// <summary>Slot in which it receives.</summary>
    public int HomeSlot { get; set; }

    /// <summary>Slots between its visits.</summary>
    public int SlotStride => _sender.Bridge is null ? _sender.SlotStride : Math.Min(_sender.SlotStride, BridgedStride);

    public Task Closed => _closed.Task;

    public long NowNs => _loop.Clock.NowNs;

    /// <summary>Takes what offer and answer agreed, at first or later.</summary>
    public void Configure(NegotiatedAudio audio, bool symmetric, SrtpChange srtp)
    {
        if (_isClosed)
        {
            srtp.Dispose();
            return;
        }

        var now = NowNs;
        var first = _audio is null;
        var strideBefore = SlotStride;
        if (first)
        {
            PacketIntake.Discard(_rtp, _loop.Batch);
            PacketIntake.Discard(_rtcp, _loop.Batch);
            _reporter.Start(now);
        }

        _audio = audio;
        ListenForKeys(audio);
        _srtp.Take(srtp);
        _sender.Configure(audio);
        if (_intake.Inlet is { } inlet)
        {
            inlet.HearsKeys = _inBandKeys is not null;
        }

        _reporter.Extended = audio.ExtendedReports ? audio.Codec : null;
        _intake.Configure(audio, symmetric);
        SetDestinations(audio);
        SetHold(audio.IsHeld, now);
        if (_sender.Bridge is { } bridge)
        {
            bridge.Configure(audio, _sender.PacketMs);
        }

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
            recorder.Begin(NowNs, VoiceCodec.Pcmu, held: true);
            recorder.End(RecordEnd.Cancelled, null, NowNs);
        }
        else if (_recorder is not null)
        {
            recorder.Fail(new InvalidOperationException("Another recording is running."));
        }
        else
        {
            recorder.Begin(NowNs, _audio?.Codec ?? VoiceCodec.Pcmu, _audio is not { IsHeld: false });
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

    /// <summary>Listens for fax tones in the sound, or no more.</summary>
    public void ListenForFaxTones(bool on) => _faxEar = on ? _faxEar ?? new FaxToneEar(HearFaxTone) : null;

    /// <summary>A key that signalling reported.</summary>
    public void PressElsewhere(char key, int durationMs)
    {
        if (!_isClosed && _signalled.Accepts(key, NowNs))
        {
            Press(key, NowNs);
            EndPress(key, durationMs);
        }
    }

    /// <summary>Gives a recording that ends what still waits in the socket and for missing packets.</summary>
    public void FlushInto(Recorder recorder, long nowNs)
    {
        if (_recorder != recorder)
        {
            return;
        }

        _intake.Finish(nowNs);
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
        else if (_sender.Bridge is not null)
        {
            _intake.Visit(now);
        }

        if (_sender.Bridge is { } bridge)
        {
            _intake.Inlet?.Release(now);
            Pump(bridge, now);
        }

        _sender.Visit(_rtp, tick);
    }

    /// <summary>Joins this call with another.</summary>
    public void Connect(BridgeInlet inlet, BridgeOutlet outlet, Action onClosed)
    {
        if (_isClosed)
        {
            outlet.Dispose();
            onClosed();
            return;
        }

        _intake.Inlet = inlet;
        inlet.HearsKeys = _inBandKeys is not null;
        _sender.Bridge = outlet;
        _bridgeClosed = onClosed;
        if (_audio is { } audio)
        {
            inlet.IsHeld = audio.IsHeld;
            outlet.Configure(audio, _sender.PacketMs);
            _loop.Place(this, HomeSlot);
        }
    }

    /// <summary>Parts this call from the other.</summary>
    public void Disconnect()
    {
        _intake.Inlet = null;
        _sender.Bridge?.Dispose();
        _sender.Bridge = null;
        _bridgeClosed = null;
        if (_audio is not null && !_isClosed)
        {
            _loop.Place(this, HomeSlot);
        }
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
        _srtp.Dispose();
        _wide.Dispose();
        _sender.Dispose();
        _sender.Player?.Close();
        _sender.Digit?.Close();
        _digitWait?.Close();
        _closed.TrySetResult();
        _bridgeClosed?.Invoke();
    }

    void IFrameReceiver.OnFrame(PayloadKind kind, uint timestamp, ReadOnlySpan<byte> payload, long nowNs)
    {
        if (kind is PayloadKind.Mu or PayloadKind.A)
        {
            var law = kind == PayloadKind.A ? G711Law.A : G711Law.Mu;
            _recorder?.OnAudio(timestamp, payload, law, nowNs);
            _inBandKeys?.OnAudio(timestamp, payload, law);
            _faxEar?.OnAudio(timestamp, payload, law);
        }
        else if (kind is PayloadKind.G722 or PayloadKind.Opus && (_recorder is not null || _inBandKeys is not null || _faxEar is not null))
        {
            // Decoded only while somebody listens.
            _wide.OnFrame(kind, timestamp, payload, nowNs);
        }
        else if (kind.IsNoise() && !payload.IsEmpty)
        {
            // A spectrum that belongs to another sample rate is left out.
            _recorder?.OnComfortNoise(kind == PayloadKind.ComfortNoise ? payload : payload[..1]);
        }
    }

    void IFrameReceiver.OnLost(int packets)
    {
        _recorder?.OnLost(packets);
        _wide.OnLost();
    }

    void IWideListener.OnWideAudio(uint tick, ReadOnlySpan<short> samples, long nowNs)
    {
        _recorder?.OnWideAudio(tick, samples, nowNs);
        _inBandKeys?.OnWideAudio(tick, samples);
        _faxEar?.OnWideAudio(tick, samples);
    }

    void IWideListener.OnClockChanged()
    {
        _recorder?.OnStreamChanged();
        _inBandKeys?.OnStreamChanged();
        _faxEar?.OnStreamChanged();
    }

    void IWideListener.OnDamaged() => _intake.CountMalformed();

    void IFrameReceiver.OnStreamChanged()
    {
        _wide.OnStreamChanged();
        _intake.Inlet?.OnStreamChanged();
        _recorder?.OnStreamChanged();
        _inBandKeys?.OnStreamChanged();
        _faxEar?.OnStreamChanged();
    }

    // It acts after the packets of this visit: ending a recording takes packets itself.
    void IKeyListener.OnKeyDown(char key)
    {
        _inBandPresses.Add(key);
        _isToldElsewhere = false;
        HearKey(true);
    }

    void IKeyListener.OnKeyUp(char key, int samples)
    {
        HearKey(false);
        if (!_isToldElsewhere && _intake.Inlet is { TranslatesKeys: true } inlet)
        {
            inlet.OnPress(key, samples / 8);
        }

        _events.OnDigit(key, samples / 8);
    }

    void IIntakeEvents.OnSourceLocked() => SetDestinations(_audio!);

    /// <summary>Only a peer without telephone-events presses keys by sound: with both, each press would count twice.</summary>
    private void ListenForKeys(NegotiatedAudio audio)
    {
        if (audio is { TelephoneEventPayloadType: null, IsHeld: false })
        {
            _inBandKeys ??= new InBandKeys(this);
        }
        else
        {
            _inBandKeys?.Release();
            _inBandKeys = null;
        }
    }

    private void HearFaxTone(FaxTone tone)
    {
        ref var told = ref tone == FaxTone.Calling ? ref _callingToneTold : ref _answeringToneTold;
        if (!told)
        {
            told = true;
            _events.OnFaxTone(tone);
        }
    }

    private void HearKey(bool isDown)
    {
        if (_intake.Inlet is { } inlet)
        {
            inlet.IsKeyAudible = isDown;
        }
    }

    /// <summary>Tells of a press that ended and did not come as sound.</summary>
    private void EndPress(char key, int durationMs)
    {
        _intake.Inlet?.OnPress(key, durationMs);
        _events.OnDigit(key, durationMs);
    }

    /// <summary>Takes what the joined leg says, and sends on the keys it pressed.</summary>
    private void Pump(BridgeOutlet bridge, long now)
    {
        bridge.Pump(_sender, _rtp, now);
        if (_sender.Digit is null && bridge.TakePress() is { } press)
        {
            Begin(new DigitSending(this, press.Event, press.Ms));
        }
    }

    private void SetDestinations(NegotiatedAudio audio)
    {
        if (PeerAddress.From(audio.RemoteRtp).IsUnspecified)
        {
            // On hold without an address: what was known stays.
            return;
        }

        var learned = _intake.LearnedDestination;
        _sender.SendTo(learned ?? PeerAddress.From(audio.RemoteRtp));
        _rtcpDestination = learned is { } source ? source with { Port = (ushort)(source.Port + 1) } : PeerAddress.From(audio.RemoteRtcp);
    }

    private void SetHold(bool held, long now)
    {
        _intake.LastSignNs = now;
        if (_intake.Inlet is { } inlet)
        {
            inlet.IsHeld = held;
        }

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

    private void Receive(long now)
    {
        _intake.Visit(now);
        _receiver.Expire(now);
        if (_keys.Expire(now) is { } press && _signalled.AcceptsEnd())
        {
            EndPress(press.Key, press.DurationMs);
        }

        while (_inBandPresses.Take() is { } key)
        {
            if (_signalled.AcceptsSound(key, now))
            {
                Press(key, now);
            }
            else
            {
                _isToldElsewhere = true;
            }
        }

        _recorder?.Step(now);
        _digitWait?.Step(now);
        if (_visits++ % VisitsPerReportCheck == 0)
        {
            _reporter.Receive(_rtcp, _intake.Source ?? PeerAddress.From(_audio!.RemoteRtcp), _intake, now);
            _reporter.Visit(_rtcp, _rtcpDestination, now);
            CheckTimeout(now);
        }
    }

    void IIntakeEvents.OnTelephoneEvent(in TelephoneEvent telephoneEvent, uint timestamp, int clockPerMs, long now)
    {
        if (telephoneEvent.FaxTone is { } tone)
        {
            HearFaxTone(tone);
            return;
        }

        var pressed = _keys.Accept(telephoneEvent, timestamp, clockPerMs, now, out var ended);
        if (pressed is { } key && _signalled.AcceptsEvent(key, now))
        {
            Press(key, now);
        }

        if (ended is { } press && _signalled.AcceptsEnd())
        {
            EndPress(press.Key, press.DurationMs);
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

    private void CheckTimeout(long now)
    {
        var silent = _audio is { IsHeld: false } && now - _intake.LastSignNs >= _loop.Options.RtpTimeout.Ticks * 100;
        if (silent && !_timeoutReported)
        {
            _events.OnRtpTimeout();
        }

        _timeoutReported = silent;
    }
}
