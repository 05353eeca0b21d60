using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Concealment;
using Postbell.Media.Recording;

namespace Postbell.Media.Engine;

/// <summary>
/// One recording: puts the peer's packets on a timeline of exact length and hands them to the sink. The peer's timestamps place each packet; the clock of
/// the engine keeps them honest: what claims to lie elsewhere is taken as it comes, what comes faster than time passes is dropped. A sender or a way that
/// stood still and then sends what it owes loses nothing: what does not come is filled only when it is known to be missing, or after a long time (RecordLimits.MaxOwed).
/// </summary>
internal sealed class Recorder : EngineOperation<RecordResult>
{
    private const int FrameSamples = 160;
    private const long Behind = 8000;
    private const long CatchUp = 4000;
    private const long MaxLead = 8000;
    private const long TimestampSlack = 480;
    private const long StartSlack = 320;
    private const long EndSlack = 480;
    private const long ArrivalSlack = 1600;

    private static readonly byte[] s_muSilence = RecordedFormat.Mu.Silence(FrameSamples);
    private static readonly byte[] s_aSilence = RecordedFormat.A.Silence(FrameSamples);
    private static readonly short[] s_wideSilence = new short[FrameSamples * 2];

    private readonly SessionCore _session;
    private readonly IRecordingSink _sink;
    private readonly long _maxSamples;
    private readonly long _silenceSamples;
    private readonly long _maxOwed;
    private readonly CodedGapFiller _gaps = new();
    private SpeechMeter _meter = new();
    private long _startNs;
    private long _heldSinceNs = -1;
    private long _silenceFrom;
    private long _appended;
    private long _filledSinceFrame;
    private long _behindSince = -1;
    private long _behindBy;
    private uint _nextTimestamp;
    private uint _lastTimestamp;
    private int _lastLength;
    private int _lost;
    private bool _placed;
    private ComfortNoise? _noise;
    private bool _comforts;
    private RecordedFormat _format;

    public Recorder(SessionCore session, IRecordingSink sink, RecordLimits limits)
    {
        _session = session;
        _sink = sink;
        StopDigits = limits.StopDigits;
        _maxSamples = Samples(limits.MaxDuration);
        _maxOwed = Samples(limits.MaxOwed);
        _silenceSamples = limits.SilenceTimeout is { } timeout ? Samples(timeout) : long.MaxValue;
    }

    public DigitSet StopDigits { get; }

    /// <summary>Starts the clock of the recording.</summary>
    public void Begin(long nowNs, VoiceCodec codec, bool held)
    {
        _startNs = nowNs;
        _format = codec.LawOf()?.ToFormat() ?? RecordedFormat.Wide;
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

    /// <summary>The peer says nothing for a while, and how its line sounds meanwhile (RFC 3389): what is filled until it speaks again sounds so.</summary>
    public void OnComfortNoise(ReadOnlySpan<byte> payload)
    {
        _noise ??= new ComfortNoise(seed: 1);
        _noise.Set(_format == RecordedFormat.Wide ? payload[..1] : payload);
        _comforts = true;
    }

    /// <summary>Takes the next packet of the peer.</summary>
    public void OnAudio(uint timestamp, ReadOnlySpan<byte> audio, G711Law law, long nowNs)
    {
        if (_heldSinceNs >= 0 || Task.IsCompleted)
        {
            return;
        }

        _format = law.ToFormat();
        var late = Place(timestamp, audio.Length, audio, nowNs);
        _comforts = false;
        if (late < audio.Length)
        {
            Append(audio[late..], law);
        }
    }

    /// <summary>Takes the next decoded audio of a wideband call: 16 kHz, beginning at a tick of 1/8000 s.</summary>
    public void OnWideAudio(uint tick, ReadOnlySpan<short> audio, long nowNs)
    {
        if (_heldSinceNs >= 0 || Task.IsCompleted)
        {
            return;
        }

        _format = RecordedFormat.Wide;
        var late = Place(tick, audio.Length / 2, [], nowNs);
        _comforts = false;
        if (late < audio.Length / 2)
        {
            Append(audio[(late * 2)..]);
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
        if (elapsed - _appended > _maxOwed)
        {
            Fill(elapsed - _appended - _maxOwed);
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
        _meter.Conclude();
        Complete(new RecordResult(end, digit, Time(_appended), Time(_meter.SpeechSamples)));
    }

    protected override void OnCancelled(CancellationToken ct) => End(RecordEnd.Cancelled, null, _session.NowNs);

    private static long Samples(TimeSpan time) => time.Ticks / (TimeSpan.TicksPerSecond / G711.SampleRate);

    private static TimeSpan Time(long samples) => TimeSpan.FromTicks(samples * (TimeSpan.TicksPerSecond / G711.SampleRate));

    private long Elapsed(long nowNs) => ((_heldSinceNs >= 0 ? _heldSinceNs : nowNs) - _startNs) / 125_000;

    /// <summary>
    /// Puts a packet of some ticks (1/8000 s) on the time line, filling what is missing before it. Returns how many of its ticks are not to be taken, because
    /// their time was filled or they come faster than time passes. The codes of the packet, if it has any of G.711, help to conceal what was lost before them.
    /// </summary>
    private int Place(uint timestamp, int ticks, ReadOnlySpan<byte> codes, long nowNs)
    {
        var elapsed = Elapsed(nowNs);
        if (_placed && timestamp == _lastTimestamp)
        {
            // A peer whose clock stands still: its packets follow each other.
            _placed = false;
        }

        _lastTimestamp = timestamp;
        var late = 0;
        long gap = _placed ? (int)(timestamp - _nextTimestamp) : 0;
        if (gap < 0 && -gap <= _filledSinceFrame + FrameSamples)
        {
            // Came after its time was filled with silence: what is left of it still counts.
            late = (int)Math.Min(-gap, ticks);
            if (late == ticks)
            {
                return late;
            }
        }
        else if (gap > 0 && gap <= elapsed - _appended + TimestampSlack)
        {
            Fill(gap - Conceal(gap, codes));
        }
        else if (gap != 0 || !_placed)
        {
            var missing = elapsed - _appended - ticks;
            Fill(missing > StartSlack ? missing : 0);
        }

        _placed = true;
        _nextTimestamp = timestamp + (uint)ticks;
        _filledSinceFrame = 0;
        _lastLength = ticks;
        _lost = 0;
        WatchLag(elapsed);
        return _appended + ticks - late - elapsed <= MaxLead ? late : ticks;
    }

    /// <summary>
    /// Tells a peer that owes audio, and soon has sent it, from one whose timestamps did not count a pause: the clock of the recording stands still for
    /// a pause that no packet speaks of.
    /// </summary>
    private void WatchLag(long elapsed)
    {
        var lag = elapsed - _appended;
        if (lag <= Behind)
        {
            _behindSince = -1;
        }
        else if (_behindSince < 0 || elapsed - _behindSince >= CatchUp)
        {
            if (_behindSince >= 0 && lag > _behindBy - (CatchUp / 2))
            {
                _startNs += lag * 125_000;
                _behindSince = -1;
                return;
            }

            _behindSince = elapsed;
            _behindBy = lag;
        }
    }

    /// <summary>
    /// Goes on with the voice where packets of G.711 were lost; returns for how many ticks. A pause that the sender made (its packet numbers have no hole)
    /// stays silence, and so does what was filled before the packet came.
    /// </summary>
    private long Conceal(long gap, ReadOnlySpan<byte> following)
    {
        if (_lost == 0 || _filledSinceFrame > 0 || _format.Law() is not { } law)
        {
            return 0;
        }

        var lost = Math.Min(gap, (long)_lost * _lastLength);
        var fill = _gaps.Fill((int)Math.Min(lost, int.MaxValue), lost == gap ? following : [], law);
        fill = fill[..(int)Math.Min(fill.Length, _maxSamples - _appended)];
        if (!fill.IsEmpty)
        {
            Store(fill, law);
        }

        return fill.Length;
    }

    private void Fill(long ticks)
    {
        ticks = Math.Min(ticks, _maxSamples - _appended);
        while (ticks > 0)
        {
            var count = (int)Math.Min(ticks, FrameSamples);
            AppendSilence(count);
            _meter.AddSilence(count);
            _appended += count;
            _filledSinceFrame += count;
            _nextTimestamp += (uint)count;
            ticks -= count;
        }
    }

    private void AppendSilence(int ticks)
    {
        if (_comforts)
        {
            AppendNoise(ticks);
            return;
        }

        switch (_format)
        {
            case RecordedFormat.Wide:
                _sink.Append(s_wideSilence.AsSpan(0, ticks * 2));
                break;
            case RecordedFormat.A:
                _sink.Append(s_aSilence.AsSpan(0, ticks), G711Law.A);
                break;
            default:
                _sink.Append(s_muSilence.AsSpan(0, ticks), G711Law.Mu);
                break;
        }
    }

    private void AppendNoise(int ticks)
    {
        Span<short> noise = stackalloc short[FrameSamples * 2];
        noise = noise[..(_format == RecordedFormat.Wide ? ticks * 2 : ticks)];
        _noise!.Fill(noise);
        if (_format.Law() is not { } law)
        {
            _sink.Append(noise);
            return;
        }

        Span<byte> codes = stackalloc byte[FrameSamples];
        G711.Encode(noise, codes, law);
        _sink.Append(codes[..ticks], law);
    }

    private void Append(ReadOnlySpan<byte> audio, G711Law law)
    {
        audio = audio[..(int)Math.Min(audio.Length, _maxSamples - _appended)];
        if (!audio.IsEmpty)
        {
            Store(audio, law);
            _gaps.Keep(audio, law);
        }
    }

    private void Store(ReadOnlySpan<byte> audio, G711Law law)
    {
        _sink.Append(audio, law);
        _meter.Add(audio, law);
        _appended += audio.Length;
    }

    private void Append(ReadOnlySpan<short> audio)
    {
        var ticks = (int)Math.Min(audio.Length / 2, _maxSamples - _appended);
        audio = audio[..(ticks * 2)];
        if (ticks > 0)
        {
            _sink.Append(audio);
            _meter.Add(audio);
            _appended += ticks;
        }
    }
}
