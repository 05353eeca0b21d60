using Postbell.Media.Quality;

namespace Postbell.Media.Rtp;

/// <summary>
/// Brings the packets of one peer into order (RFC 3550, appendix A.1): small reordering is undone, duplicates are dropped, holes are given up after a
/// short wait, a jump of the sequence needs two packets in a row, another SSRC begins a new stream. Counts what RTCP reports.
/// </summary>
internal sealed class RtpReceiver(IFrameReceiver frames)
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 64;
    private const long HoldNs = 100_000_000;

    // A stray packet of the stream that was left does not bring it back while the new one is alive.
    private const long FormerStreamNs = 500_000_000;

    private ReorderBuffer? _waiting;
    private bool _started;
    private uint _formerSsrc;
    private bool _hasFormer;
    private ushort _expected;
    private int _jumpTarget = -1;
    private ulong _seen;
    private uint _cycles;
    private ushort _highest;
    private uint _baseExtended;
    private long _receivedOfStream;
    private long _lostOfFormer;
    private long _lastArrivalNs;
    private uint _lastTimestamp;
    private double _jitterSamples;
    private int _clockPerMs = 8;
    private double _jitterSumMs;
    private long _jitterSums;
    private double _jitterMaxMs;
    private long _expectedAtReport;
    private long _receivedAtReport;

    public uint Ssrc { get; private set; }

    public bool HasSource => _started;

    public long Received { get; private set; }

    public long Reordered { get; private set; }

    public long Duplicates { get; private set; }

    public long Late { get; private set; }

    public long SourceChanges { get; private set; }

    /// <summary>When the last valid packet came, in engine time.</summary>
    public long LastPacketNs { get; private set; }

    public uint HighestExtended => _cycles + _highest;

    public long LostOfStream => _started ? Math.Max(0, ExpectedOfStream - _receivedOfStream) : 0;

    public long Lost => _lostOfFormer + LostOfStream;

    /// <summary>Mean deviation of the arrival times, in units of the stream's clock.</summary>
    public double JitterSamples => _jitterSamples;

    /// <summary>The same in time.</summary>
    public TimeSpan Jitter => TimeSpan.FromMilliseconds(_jitterSamples / _clockPerMs);

    /// <summary>How losses lay, by what could be handed on in time.</summary>
    public LossMeter Losses { get; } = new();

    /// <summary>Mean of the jitter over the call.</summary>
    public TimeSpan MeanJitter => TimeSpan.FromMilliseconds(_jitterSums == 0 ? 0 : _jitterSumMs / _jitterSums);

    /// <summary>Largest jitter of the call.</summary>
    public TimeSpan MaxJitter => TimeSpan.FromMilliseconds(_jitterMaxMs);

    private long ExpectedOfStream => (long)HighestExtended - _baseExtended + 1;

    /// <summary>Takes a valid packet of the peer.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="kind">What its payload type means.</param>
    /// <param name="arrivalNs">When it came, for the jitter; 0 when that was not looked at. A sample of the packets is enough.</param>
    /// <param name="nowNs">Time of the engine.</param>
    /// <returns>False for a duplicate, a stray or a packet too late: nothing in it may be used.</returns>
    public bool Accept(in RtpPacket packet, PayloadKind kind, long arrivalNs, long nowNs)
    {
        if (!_started || packet.Ssrc != Ssrc)
        {
            if (!TrySwitch(packet, nowNs))
            {
                return false;
            }
        }

        var ahead = (ushort)(packet.Sequence - _expected);
        if (ahead == 0)
        {
            Count(packet, kind, arrivalNs, nowNs);
            _expected++;
            Losses.OnReceived();
            _seen = (_seen << 1) | 1;
            frames.OnFrame(kind, packet.Timestamp, packet.Payload, nowNs);
            if (_waiting is { Count: > 0 })
            {
                ReleaseInOrder(nowNs);
            }

            return true;
        }

        return ahead < MaxDropout ? AcceptAhead(packet, kind, ahead, arrivalNs, nowNs) : AcceptBehind(packet, kind, arrivalNs, nowNs);
    }

    /// <summary>Gives up holes that stayed open too long; call once per tick.</summary>
    public void Expire(long nowNs)
    {
        if (_waiting is { Count: > 0 } waiting && nowNs - waiting.OldestNs >= HoldNs)
        {
            ReleaseFirst(nowNs);
        }
    }

    /// <summary>Hands over everything that waits: what is missing is lost.</summary>
    public void Flush(long nowNs)
    {
        while (_waiting is { Count: > 0 })
        {
            ReleaseFirst(nowNs);
        }
    }

    /// <summary>Loss since the last report in 1/256, for a report block (RFC 3550, A.3).</summary>
    public byte TakeFractionLost()
    {
        var expected = ExpectedOfStream - _expectedAtReport;
        var received = _receivedOfStream - _receivedAtReport;
        _expectedAtReport = ExpectedOfStream;
        _receivedAtReport = _receivedOfStream;
        var lost = expected - received;
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expected);
    }

    private bool TrySwitch(in RtpPacket packet, long nowNs)
    {
        if (_started)
        {
            if (_hasFormer && packet.Ssrc == _formerSsrc && nowNs - LastPacketNs < FormerStreamNs)
            {
                Late++;
                return false;
            }

            Flush(nowNs);
            _lostOfFormer = Lost;
            _formerSsrc = Ssrc;
            _hasFormer = true;
            SourceChanges++;
            frames.OnStreamChanged();
        }

        _started = true;
        Ssrc = packet.Ssrc;
        Restart(packet.Sequence);
        return true;
    }

    private void Restart(ushort sequence)
    {
        _expected = sequence;
        _highest = sequence;
        _cycles = 0;
        _baseExtended = sequence;
        _seen = 0;
        _jumpTarget = -1;
        _receivedOfStream = 0;
        _expectedAtReport = 0;
        _receivedAtReport = 0;
        _lastArrivalNs = 0;
        _jitterSamples = 0;
    }

    private bool AcceptAhead(in RtpPacket packet, PayloadKind kind, ushort ahead, long arrivalNs, long nowNs)
    {
        _waiting ??= new ReorderBuffer();
        while (ahead >= ReorderBuffer.Capacity && _waiting.Count > 0)
        {
            ReleaseFirst(nowNs);
            ahead = (ushort)(packet.Sequence - _expected);
        }

        if (ahead == 0 || ahead >= ReorderBuffer.Capacity)
        {
            // Too far ahead to hope for the ones between.
            Skip(ahead);
            return Accept(packet, kind, arrivalNs, nowNs);
        }

        if (!_waiting.TryAdd(packet, kind, nowNs))
        {
            Duplicates++;
            return false;
        }

        Count(packet, kind, arrivalNs, nowNs);
        return true;
    }

    private bool AcceptBehind(in RtpPacket packet, PayloadKind kind, long arrivalNs, long nowNs)
    {
        var back = (ushort)(_expected - 1 - packet.Sequence);
        if (back < MaxMisorder)
        {
            if ((_seen & (1UL << back)) != 0)
            {
                Duplicates++;
            }
            else
            {
                Late++;
                _seen |= 1UL << back;
                _receivedOfStream += ExpectedOfStream > _receivedOfStream ? 1 : 0;
            }

            return false;
        }

        if (packet.Sequence != _jumpTarget)
        {
            _jumpTarget = (ushort)(packet.Sequence + 1);
            return false;
        }

        // Two in a row: the peer restarted its numbers.
        Flush(nowNs);
        _lostOfFormer = Lost;
        frames.OnStreamChanged();
        Restart(packet.Sequence);
        return Accept(packet, kind, arrivalNs, nowNs);
    }

    private void Count(in RtpPacket packet, PayloadKind kind, long arrivalNs, long nowNs)
    {
        Received++;
        _receivedOfStream++;
        LastPacketNs = nowNs;
        var step = (short)(packet.Sequence - _highest);
        if (step > 0)
        {
            _cycles += packet.Sequence < _highest ? 0x10000u : 0;
            _highest = packet.Sequence;
        }
        else if (step < 0)
        {
            Reordered++;
        }

        if (arrivalNs == 0)
        {
            return;
        }

        var clockPerMs = kind.IsVoice() ? kind.ClockPerMs() : _clockPerMs;
        if (clockPerMs != _clockPerMs)
        {
            _clockPerMs = clockPerMs;
            _jitterSamples = 0;
        }
        else if (_lastArrivalNs != 0)
        {
            // RFC 3550, A.8. A clock that was set or a stream that jumped must not spoil the mean for minutes.
            var transit = ((arrivalNs - _lastArrivalNs) * clockPerMs / 1e6) - (int)(packet.Timestamp - _lastTimestamp);
            _jitterSamples += (Math.Min(Math.Abs(transit), 1000 * clockPerMs) - _jitterSamples) / 16;
            var jitterMs = _jitterSamples / clockPerMs;
            _jitterSumMs += jitterMs;
            _jitterSums++;
            _jitterMaxMs = Math.Max(_jitterMaxMs, jitterMs);
        }

        _lastArrivalNs = arrivalNs;
        _lastTimestamp = packet.Timestamp;
    }

    private void Skip(int count)
    {
        _expected += (ushort)count;
        _seen = count >= 64 ? 0 : _seen << count;
        if (count > 0)
        {
            Losses.OnLost(count);
            frames.OnLost(count);
        }
    }

    private void ReleaseFirst(long nowNs)
    {
        var missing = 0;
        while (!Release(nowNs))
        {
            Skip(1);
            if (++missing >= ReorderBuffer.Capacity)
            {
                return;
            }
        }

        ReleaseInOrder(nowNs);
    }

    private void ReleaseInOrder(long nowNs)
    {
        while (Release(nowNs))
        {
        }
    }

    private bool Release(long nowNs)
    {
        if (!_waiting!.TryTake(_expected, out var kind, out var timestamp, out var payload))
        {
            return false;
        }

        _expected++;
        Losses.OnReceived();
        _seen = (_seen << 1) | 1;
        frames.OnFrame(kind, timestamp, payload, nowNs);
        return true;
    }
}
