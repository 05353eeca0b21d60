namespace Postbell.Media.Rtp;

/// <summary>
/// Turns telephone-event packets into key presses: each press once, whatever was repeated, reordered or lost. A press is known by its RTP timestamp;
/// it begins with the first packet that names a later one (be it an end packet) and ends with the end bit, the next press, or silence.
/// </summary>
internal struct KeyPressReceiver
{
    // RFC 4733, 2.5.1.4 lets a receiver give up after three missed updates; updates come every 20 to 50 ms.
    private const long EndAfterNs = 150_000_000;

    // More than a second back is no reordering: the peer began a new timeline.
    private const int OldestReorderingMs = -1000;

    // A press longer than the 16-bit duration goes on in a new segment (RFC 4733, 2.5.1.3): its packets must not count as another press.
    private const int SegmentDuration = 0xFF00;

    private TelephoneEvent _event;
    private uint _timestamp;
    private uint _segmentsBefore;
    private int _clockPerMs;
    private long _lastPacketNs;
    private bool _any;
    private bool _open;

    /// <summary>Takes a packet.</summary>
    /// <param name="packet">The event of the packet.</param>
    /// <param name="timestamp">The RTP timestamp of the packet.</param>
    /// <param name="clockPerMs">Units of timestamp and duration in a millisecond.</param>
    /// <param name="nowNs">Time of the engine.</param>
    /// <param name="ended">A press that ended by this packet, when there is one.</param>
    /// <returns>The key whose press began with this packet; null when none did.</returns>
    public char? Accept(in TelephoneEvent packet, uint timestamp, int clockPerMs, long nowNs, out EndedPress? ended)
    {
        ended = null;
        var step = (int)(timestamp - _timestamp);
        if (_any && step == 0)
        {
            if (_open)
            {
                _lastPacketNs = nowNs;
                _event = _event with { End = packet.End, Duration = Math.Max(_event.Duration, packet.Duration) };
                ended = packet.End ? Close() : null;
            }

            return null;
        }

        if (_any && step < 0 && step > OldestReorderingMs * clockPerMs)
        {
            return null;
        }

        if (_any && _open && packet.Event == _event.Event && _event.Duration >= SegmentDuration && step <= ushort.MaxValue + 1)
        {
            _segmentsBefore += (uint)step;
            _timestamp = timestamp;
            _lastPacketNs = nowNs;
            _event = packet;
            ended = packet.End ? Close() : null;
            return null;
        }

        return Begin(packet, timestamp, clockPerMs, nowNs, ref ended);
    }

    /// <summary>Ends a press whose end packets were lost; call now and then.</summary>
    public EndedPress? Expire(long nowNs) => _open && nowNs - _lastPacketNs > EndAfterNs ? Close() : null;

    private char? Begin(in TelephoneEvent packet, uint timestamp, int clockPerMs, long nowNs, ref EndedPress? ended)
    {
        if (packet.Key is not { } key)
        {
            return null;
        }

        // An end packet of a press that was never seen can meet an open one: the open one ended before. When both end here, the caller hears of the
        // earlier now and of this one when it expires.
        ended = _open ? Close() : null;
        _any = true;
        _open = true;
        _event = packet;
        _timestamp = timestamp;
        _clockPerMs = clockPerMs;
        _segmentsBefore = 0;
        _lastPacketNs = nowNs;
        if (packet.End && ended is null)
        {
            ended = Close();
        }

        return key;
    }

    private EndedPress Close()
    {
        _open = false;
        return new EndedPress(_event.Key ?? '?', (int)Math.Min((_segmentsBefore + _event.Duration) / (uint)_clockPerMs, int.MaxValue));
    }
}
