using Postbell.Media.Codecs;
using Postbell.Media.Concealment;

namespace Postbell.Media.Engine;

/// <summary>
/// One recording: puts the peer's packets on a timeline of exact length and hands them to the sink. The peer's timestamps place each packet; the clock of
/// the engine keeps them honest: what is missing for a second is filled, what claims to lie elsewhere is taken as it comes, what comes faster than time
/// passes is dropped.
/// </summary>
internal sealed class Recorder : EngineOperation<RecordResult>
{
    private const int FrameSamples = 160;
    private const long MaxLag = 8000;
    private const long MaxLead = 8000;
    private const long TimestampSlack = 480;
    private const long StartSlack = 320;
    private const long EndSlack = 480;
    private const long ArrivalSlack = 1600;

    private static readonly byte[] s_muSilence = Silence(G711Law.Mu);
    private static readonly byte[] s_aSilence = Silence(G711Law.A);

    private readonly SessionCore _session;
    private readonly IRecordingSink _sink;
    private readonly long _maxSamples;
    private readonly long _silenceSamples;
    private readonly CodedGapFiller _gaps = new();
    private SpeechMeter _meter = new();
    private long _startNs;
    private long _heldSinceNs = -1;
    private long _silenceFrom;
    private long _appended;
    private long _filledSinceFrame;
    private uint _nextTimestamp;
    private uint _lastTimestamp;
    private int _lastLength;
    private int _lost;
    private bool _placed;
    private G711Law _law;

    public Recorder(SessionCore session, IRecordingSink sink, RecordLimits limits)
    {
        _session = session;
        _sink = sink;
        StopDigits = limits.StopDigits;
        _maxSamples = Samples(limits.MaxDuration);
        _silenceSamples = limits.SilenceTimeout is { } timeout ? Samples(timeout) : long.MaxValue;
    }

    public DigitSet StopDigits { get; }

    /// <summary>Starts the clock of the recording.</summary>
    public void Begin(long nowNs, G711Law law, bool held)
    {
        _startNs = nowNs;
        _law = law;
        if (held)
        {
            Hold(nowNs);
        }
    }

    /// <summary>Stops the clock: time on hold is not recorded.</summary>
    public void Hold(long nowNs) => _heldSinceNs = _heldSinceNs < 0 ? nowNs : _heldSinceNs;

    /// <summary>Goes on after a hold; silence is counted anew.</summary>
    public void Resume(long nowNs)
    {
        if (_heldSinceNs >= 0)
        {
            _startNs += nowNs - _heldSinceNs;
            _heldSinceNs = -1;
            _placed = false;
            _silenceFrom = _appended;
        }
    }

    /// <summary>The peer's timestamps start anew.</summary>
    public void OnStreamChanged()
    {
        _placed = false;
        _lost = 0;
    }

    /// <summary>So many packets before the next one are lost.</summary>
    public void OnLost(int packets) => _lost = Math.Min(_lost + packets, CodedGapFiller.LongestFill);

    /// <summary>Takes the next packet of the peer.</summary>
    public void OnAudio(uint timestamp, ReadOnlySpan<byte> audio, G711Law law, long nowNs)
    {
        if (_heldSinceNs >= 0 || Task.IsCompleted)
        {
            return;
        }

        _law = law;
        var elapsed = Elapsed(nowNs);
        if (_placed && timestamp == _lastTimestamp)
        {
            // A peer whose clock stands still: its packets follow each other.
            _placed = false;
        }

        _lastTimestamp = timestamp;
        long gap = _placed ? (int)(timestamp - _nextTimestamp) : 0;
        if (gap < 0 && -gap <= _filledSinceFrame + FrameSamples)
        {
            // Came after its time was filled with silence: what is left of it still counts.
            var late = (int)Math.Min(-gap, audio.Length);
            audio = audio[late..];
            timestamp += (uint)late;
            if (audio.IsEmpty)
            {
                return;
            }
        }
        else if (gap > 0 && gap <= elapsed - _appended + TimestampSlack)
        {
            Fill(gap - Conceal(gap, audio, law));
        }
        else if (gap != 0 || !_placed)
        {
            var missing = elapsed - _appended - audio.Length;
            Fill(missing > StartSlack ? missing : 0);
        }

        _placed = true;
        _nextTimestamp = timestamp + (uint)audio.Length;
        _filledSinceFrame = 0;
        _lastLength = audio.Length;
        _lost = 0;
        if (_appended + audio.Length - elapsed <= MaxLead)
        {
            Append(audio);
        }
    }

    /// <summary>Looks at the clock, once per tick: fills what did not come, ends at silence or the limit.</summary>
    public void Step(long nowNs)
    {
        if (_heldSinceNs >= 0)
        {
            return;
        }

        var elapsed = Elapsed(nowNs);
        if (elapsed - _appended > MaxLag)
        {
            Fill(elapsed - _appended - MaxLag);
        }

        if (_appended >= _maxSamples)
        {
            End(RecordEnd.MaxDuration, null, nowNs);
            return;
        }

        var quietSince = Math.Max(_meter.LastSpeechEnd, _silenceFrom);
        if (Math.Max(_appended, elapsed - ArrivalSlack) - quietSince >= _silenceSamples)
        {
            End(RecordEnd.Silence, null, nowNs);
        }
    }

    /// <summary>Ends the recording: what waits in the session is taken, the timeline filled up to now.</summary>
    public void End(RecordEnd end, char? digit, long nowNs)
    {
        if (Task.IsCompleted)
        {
            return;
        }

        try
        {
            _session.FlushInto(this, nowNs);
            if (_heldSinceNs < 0 && Elapsed(nowNs) - _appended > EndSlack)
            {
                Fill(Elapsed(nowNs) - _appended);
            }
        }
        catch (Exception e)
        {
            // The sink threw: who waits for the recording must hear of it.
            Fail(e);
        }

        _session.Detach(this);
        Complete(new RecordResult(end, digit, Time(_appended), Time(_meter.SpeechSamples)));
    }

    protected override void OnCancelled(CancellationToken ct) => End(RecordEnd.Cancelled, null, _session.NowNs);

    private static byte[] Silence(G711Law law)
    {
        var silence = new byte[FrameSamples];
        Array.Fill(silence, G711.SilenceByte(law));
        return silence;
    }

    private static long Samples(TimeSpan time) => time.Ticks / (TimeSpan.TicksPerSecond / G711.SampleRate);

    private static TimeSpan Time(long samples) => TimeSpan.FromTicks(samples * (TimeSpan.TicksPerSecond / G711.SampleRate));

    private long Elapsed(long nowNs) => ((_heldSinceNs >= 0 ? _heldSinceNs : nowNs) - _startNs) / 125_000;

    /// <summary>
    /// Goes on with the voice where packets were lost; returns for how many samples. A pause that the sender made (its packet numbers have no hole) stays
    /// silence, and so does what was filled before the packet came.
    /// </summary>
    private long Conceal(long gap, ReadOnlySpan<byte> following, G711Law law)
    {
        if (_lost == 0 || _filledSinceFrame > 0)
        {
            return 0;
        }

        var lost = Math.Min(gap, (long)_lost * _lastLength);
        var fill = _gaps.Fill((int)Math.Min(lost, int.MaxValue), lost == gap ? following : [], law);
        fill = fill[..(int)Math.Min(fill.Length, _maxSamples - _appended)];
        if (!fill.IsEmpty)
        {
            Store(fill);
        }

        return fill.Length;
    }

    private void Fill(long samples)
    {
        samples = Math.Min(samples, _maxSamples - _appended);
        while (samples > 0)
        {
            var count = (int)Math.Min(samples, FrameSamples);
            _sink.Append((_law == G711Law.A ? s_aSilence : s_muSilence).AsSpan(0, count), _law);
            _meter.AddSilence(count);
            _appended += count;
            _filledSinceFrame += count;
            _nextTimestamp += (uint)count;
            samples -= count;
        }
    }

    private void Append(ReadOnlySpan<byte> audio)
    {
        audio = audio[..(int)Math.Min(audio.Length, _maxSamples - _appended)];
        if (!audio.IsEmpty)
        {
            Store(audio);
            _gaps.Keep(audio, _law);
        }
    }

    private void Store(ReadOnlySpan<byte> audio)
    {
        _sink.Append(audio, _law);
        _meter.Add(audio, _law);
        _appended += audio.Length;
    }
}
