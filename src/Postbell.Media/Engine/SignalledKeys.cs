namespace Postbell.Media.Engine;

/// <summary>
/// Keys that the caller's signalling reports beside the media. A peer that also sends telephone-events is believed by those alone, and one whose keys are
/// also audible by signalling alone, so that each press counts once; only its first press may come both ways before that is known.
/// </summary>
internal struct SignalledKeys
{
    private const long SamePressNs = 2_000_000_000;

    private bool _eventsSeen;
    private bool _signalSeen;
    private char _heard;
    private long _heardNs;
    private char _last;
    private long _lastNs;
    private bool _dropsEnd;

    /// <summary>True when a press reported by signalling counts.</summary>
    public bool Accepts(char key, long now)
    {
        var heard = !_signalSeen && IsSame(_heard, _heardNs, key, now);
        _signalSeen = true;
        _last = key;
        _lastNs = now;
        return !_eventsSeen && !heard;
    }

    /// <summary>True when a press that came as telephone-event counts: all but the first one, if signalling was faster with it.</summary>
    public bool AcceptsEvent(char key, long now)
    {
        var again = !_eventsSeen && IsSame(_last, _lastNs, key, now);
        _eventsSeen = true;
        _dropsEnd = again;
        return !again;
    }

    /// <summary>True when a press that was heard as sound counts.</summary>
    public bool AcceptsSound(char key, long now)
    {
        _heard = key;
        _heardNs = now;
        return !_signalSeen;
    }

    /// <summary>True when the end of a press that came as telephone-event is to be told: not for the one that counted already.</summary>
    public bool AcceptsEnd()
    {
        var drops = _dropsEnd;
        _dropsEnd = false;
        return !drops;
    }

    private static bool IsSame(char one, long oneNs, char key, long now) => one == key && now - oneNs < SamePressNs;
}
