using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Jitter;

/// <summary>
/// Turns packets that come early, late, twice, in another order or not at all into sound at an even pace, for somebody who listens now. The delay follows
/// the measured jitter: up as soon as a packet is late, down slowly, where nobody speaks or by leaving out single periods of the voice; so it also follows
/// clocks that run apart. Lost packets are concealed, pauses of the sender filled with comfort noise. One thread; allocates nothing once it runs.
/// Positions, times and lengths are in ticks of 1/8000 s.
/// </summary>
internal sealed class JitterBuffer : IDisposable
{
    private const long NsPerTick = 125_000;
    private const int ChunkTicks = 40;

    // More than a second away is another timeline.
    private const int WarpTicks = 8000;

    // After half a second without a packet it waits for the next one like at the beginning.
    private const int IdleTicks = 4000;

    // Wanted on top of what was measured, so that the margin below it loses nothing.
    private const int Reserve = 24;
    private const int SilenceMargin = 16;

    // A little too much delay is hardly heard, a little too little loses packets.
    private const int TooMuch = 160;
    private const int TooLittle = -8;
    private const int Urgent = 640;
    private const int TicksBetweenPeriods = 800;
    private const float AlikePeriods = 0.8f;
    private const float AlikeEnough = 0.5f;

    private readonly FrameStore _store = new();
    private readonly DelayEstimator _delay;
    private readonly StreamDecoder _decoder;
    private readonly PlayoutLine _line;
    private readonly int _perTick;
    private long _next;
    private uint _lastTimestamp;
    private long _lastPosition;
    private int _clockRate;
    private bool _placed;
    private ushort _lastSequence;
    private int _frameTicks = 160;
    private VoiceCodec _codec;
    private bool _playing;
    private bool _pause;
    private long _lastPull;
    private int _expanded;
    private int _pullTicks = 160;
    private int _sinceAdjusted;
    private int _delayTicks;
    private long _concealed;
    private long _inserted;
    private long _removed;
    private long _late;
    private long _overflowed;

    /// <summary>A buffer that gives sound of one rate.</summary>
    /// <param name="sampleRate">8000 or 16000.</param>
    /// <param name="options">Bounds of the delay.</param>
    /// <param name="noiseSeed">Begins the random numbers of the comfort noise.</param>
    public JitterBuffer(int sampleRate, JitterOptions options, uint noiseSeed)
    {
        SampleRate = sampleRate;
        _perTick = sampleRate / 8000;
        _delay = new DelayEstimator(options);
        _decoder = new StreamDecoder(sampleRate);
        _line = new PlayoutLine(sampleRate, noiseSeed);
    }

    /// <summary>Samples per second of what it gives.</summary>
    public int SampleRate { get; }

    /// <summary>What it did so far.</summary>
    public JitterStatistics Statistics =>
        new(_delay.Target / 8, _delayTicks / 8, _concealed / 8, _inserted / 8, _removed / 8, _late, _overflowed);

    /// <summary>Another stream begins: its timestamps and numbers have nothing to do with those before.</summary>
    public void StreamChanged() => _placed = false;

    /// <summary>Takes a packet, in whatever order they come.</summary>
    /// <param name="codec">How it is coded; null for comfort noise (RFC 3389).</param>
    /// <param name="sequence">Its RTP number.</param>
    /// <param name="timestamp">Its RTP timestamp.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="nowNs">When it could be used.</param>
    public void Insert(VoiceCodec? codec, ushort sequence, uint timestamp, ReadOnlySpan<byte> payload, long nowNs)
    {
        var now = nowNs / NsPerTick;
        var clockRate = codec?.ClockRate() ?? (_clockRate == 0 ? 8000 : _clockRate);
        var position = _lastPosition + ((int)(timestamp - _lastTimestamp) / (clockRate / 8000));
        if (!_placed || clockRate != _clockRate || Math.Abs(_delay.Deviation(position, now)) > WarpTicks)
        {
            position = Rebase(sequence, now);
        }

        _clockRate = clockRate;
        _lastTimestamp = timestamp;
        _lastPosition = position;
        _delay.Observe(position, now);
        if (_playing && position + _frameTicks <= _next)
        {
            _late++;
        }
        else if (_store.Count == FrameStore.Capacity)
        {
            _overflowed++;
        }
        else
        {
            _store.TryAdd(position, sequence, codec, payload);
        }
    }

    /// <summary>Gives the next sound to play.</summary>
    /// <param name="sound">Filled whole: whole ticks, at most 100 ms.</param>
    /// <param name="nowNs">When it will be played.</param>
    public void Pull(Span<short> sound, long nowNs)
    {
        var now = nowNs / NsPerTick;
        if (_lastPull > 0 && now - _lastPull > WarpTicks)
        {
            // Nobody listened for a while: what waited is old.
            _store.Clear();
            _playing = false;
            _placed = false;
        }

        _lastPull = now;
        _pullTicks = sound.Length / _perTick;
        while (_line.Ticks < _pullTicks)
        {
            Make(now);
        }

        _line.Take(sound);
    }

    public void Dispose() => _decoder.Dispose();

    /// <summary>Joins a timeline that begins with a packet to the one before: as if it had come in time, behind what waits.</summary>
    private long Rebase(ushort sequence, long now)
    {
        var inTime = _playing ? _next + Math.Max(0, _delay.Target - _line.Ticks) : now - _delay.Target;
        var position = _store.Count == 0 ? inTime : Math.Max(inTime, _store.LastPosition + _frameTicks);
        if (_store.Count == 0)
        {
            // Nothing was lost between the streams.
            _lastSequence = (ushort)(sequence - 1);
        }

        _delay.Restart();
        _placed = true;
        return position;
    }

    /// <summary>How much later than wanted the next packet is played. It must be there when the sound is made in which it begins, that is some time before.</summary>
    private int Excess(long now)
    {
        _delayTicks = (int)Math.Clamp(now - _delay.Origin - _next + _line.Ticks, -WarpTicks, int.MaxValue);
        return _delayTicks - _delay.Target - Reserve - _pullTicks;
    }

    /// <summary>Makes the line longer by a packet or a part of one.</summary>
    private void Make(long now)
    {
        if (!_playing && !TryStart(now))
        {
            _line.AddNoise(ChunkTicks);
            return;
        }

        if (_delayTicks > _delay.Longest + WarpTicks)
        {
            _next = Math.Max(_next, now - _delay.Origin - _delay.Longest);
        }

        while (_store.Count > 0 && _store.First.Codec is not null && _store.First.Position + _frameTicks <= _next)
        {
            _lastSequence = _store.First.Sequence;
            _store.RemoveFirst();
            _late++;
        }

        if (_store.Count == 0)
        {
            Wait();
        }
        else if (_store.First.Position <= _next)
        {
            Play(now);
        }
        else
        {
            FillGap((int)Math.Min(_store.First.Position - _next, int.MaxValue), now);
        }
    }

    private bool TryStart(long now)
    {
        if (_store.Count == 0 || now + _line.Ticks - _delay.Origin - _delay.Target - Reserve - _pullTicks < _store.First.Position)
        {
            return false;
        }

        _next = _store.First.Position;
        _lastSequence = (ushort)(_store.First.Sequence - 1);
        _playing = true;
        _pause = false;
        _expanded = 0;
        return true;
    }

    private void Play(long now)
    {
        var frame = _store.First;
        _lastSequence = frame.Sequence;
        if (frame.Codec is not { } codec)
        {
            if (frame.Length > 0)
            {
                _line.Noise.Set(SampleRate == _clockRate ? _store.FirstPayload : _store.FirstPayload[..1]);
            }

            _pause = true;
            _store.RemoveFirst();
            return;
        }

        _codec = codec;
        var sound = _decoder.Decode(codec, _store.FirstPayload);
        _store.RemoveFirst();
        var ticks = sound.Length / _perTick;
        if (ticks == 0)
        {
            Conceal(_frameTicks);
            return;
        }

        _frameTicks = ticks;
        var excess = Excess(now);
        var skip = (int)Math.Clamp(_next - frame.Position, 0, ticks);
        _line.Add(sound[(skip * _perTick)..]);
        _next = frame.Position + ticks;
        _pause = false;
        _expanded = 0;
        Adjust(excess, ticks);
    }

    /// <summary>The next packet to play is not the following one: it was lost, or the sender made a pause.</summary>
    private void FillGap(int gap, long now)
    {
        if (!_pause && (ushort)(_store.First.Sequence - _lastSequence) != 1)
        {
            FillLoss(gap);
            return;
        }

        // In a pause the delay can become right at once.
        var excess = Excess(now);
        var advance = Math.Clamp(ChunkTicks + excess, 0, gap);
        _line.AddNoise(ChunkTicks);
        _removed += Math.Max(0, advance - ChunkTicks);
        _inserted += Math.Max(0, ChunkTicks - advance);
        _next += advance;
    }

    private void FillLoss(int gap)
    {
        // What was made up while it was not known whether the packet was late or lost.
        var done = Math.Min(gap, _expanded);
        _expanded -= done;
        _next += done;
        gap -= done;
        if (gap > 0)
        {
            var ticks = Math.Min(gap, _frameTicks);
            var following = gap == ticks && _store.First.Codec == _codec ? _store.FirstPayload : [];
            Conceal(ticks, following);
        }
    }

    private void Conceal(int ticks, ReadOnlySpan<byte> following = default)
    {
        var sound = _decoder.Recover(_codec, following, ticks);
        if (sound.IsEmpty)
        {
            _line.AddConcealed(ticks);
        }
        else
        {
            _line.Add(sound);
        }

        _next += ticks;
        _concealed += ticks;
    }

    /// <summary>Nothing is there to play: a pause, or the next packet is late.</summary>
    private void Wait()
    {
        _expanded += ChunkTicks;
        if (_expanded > IdleTicks)
        {
            _playing = false;
        }

        if (_pause)
        {
            _line.AddNoise(ChunkTicks);
        }
        else
        {
            _line.AddConcealed(ChunkTicks);
            _concealed += ChunkTicks;
        }
    }

    /// <summary>Brings the delay nearer to what is wanted.</summary>
    private void Adjust(int excess, int ticks)
    {
        _sinceAdjusted = Math.Min(_sinceAdjusted + ticks, TicksBetweenPeriods);
        var before = _removed - _inserted;
        if (_line.IsSilent)
        {
            if (excess > SilenceMargin)
            {
                _removed += _line.ShortenSilence(excess);
            }
            else if (excess < TooLittle)
            {
                _inserted += _line.LengthenSilence(-excess);
            }
        }
        else if (excess is > TooMuch or < TooLittle && (_sinceAdjusted == TicksBetweenPeriods || Math.Abs(excess) > Urgent))
        {
            var likeness = Math.Abs(excess) > Urgent ? AlikeEnough : AlikePeriods;
            _removed += excess > 0 ? _line.ShortenVoice(likeness) : 0;
            _inserted += excess < 0 ? _line.LengthenVoice(likeness) : 0;
            _sinceAdjusted = before == _removed - _inserted ? _sinceAdjusted : 0;
        }
    }
}
