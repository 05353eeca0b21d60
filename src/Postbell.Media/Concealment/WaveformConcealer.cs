namespace Postbell.Media.Concealment;

/// <summary>
/// Fills gaps in speech with what the speaker most likely went on to say: the last pitch period again and again, from two and three periods in turn once
/// the gap lasts, so that it does not buzz, and fading away between 10 and 60 ms (after ITU-T G.711 Appendix I). Nothing that was received is altered and
/// nothing is delayed: the fill joins what came before by a correction that dies away, and what comes after by a short cross-fade inside the gap.
/// Allocates nothing after construction.
/// </summary>
public sealed class WaveformConcealer
{
    private const int LowestPitchHz = 66;
    private const int HighestPitchHz = 200;
    private const int FullMs = 10;
    private const int SilentMs = 60;
    private const int JoinMs = 4;

    private readonly short[] _history;
    private readonly int _shortestLag;
    private readonly int _longestLag;
    private readonly int _window;
    private readonly int _step;
    private readonly int _msSamples;
    private readonly ComfortNoise? _noise;
    private int _concealed;
    private int _lag;
    private float _jump;

    /// <summary>A concealer for one stream.</summary>
    /// <param name="sampleRate">Samples per second, 8000 to 48000.</param>
    /// <param name="noise">What is heard once the fill has faded; null for silence.</param>
    public WaveformConcealer(int sampleRate, ComfortNoise? noise = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 8000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, 48000);
        _noise = noise;
        _msSamples = sampleRate / 1000;
        _shortestLag = sampleRate / HighestPitchHz;
        _longestLag = sampleRate / LowestPitchHz;
        _window = 20 * _msSamples;
        _step = sampleRate / 8000;
        _history = new short[HistoryLength(sampleRate)];
    }

    /// <summary>True between the first concealed and the next received sample.</summary>
    public bool IsConcealing => _concealed > 0;

    /// <summary>How many of the last received samples the fill is made from: about 50 ms.</summary>
    public static int HistoryLength(int sampleRate) => (sampleRate / LowestPitchHz * 13 / 4) + 1;

    /// <summary>Takes what was received, in order; it ends a gap.</summary>
    public void Keep(ReadOnlySpan<short> received)
    {
        if (!received.IsEmpty)
        {
            _concealed = 0;
            Push(received);
        }
    }

    /// <summary>Forgets what was received: another stream begins.</summary>
    public void Reset()
    {
        _concealed = 0;
        Array.Clear(_history);
    }

    /// <summary>Fills a gap, or the next part of it, whose end is not known yet.</summary>
    public void Conceal(Span<short> gap)
    {
        if (_concealed == 0)
        {
            Begin();
        }

        for (var i = 0; i < gap.Length; i++)
        {
            gap[i] = Next();
        }
    }

    /// <summary>Fills the last part of a gap and leads over to what was received behind it.</summary>
    /// <param name="gap">The missing samples.</param>
    /// <param name="following">What was received behind them.</param>
    public void Conceal(Span<short> gap, ReadOnlySpan<short> following)
    {
        Conceal(gap);
        if (following.Length <= _lag)
        {
            return;
        }

        // One pitch period later the voice looked the same: what follows, one period on, tells what came just before it.
        var join = Math.Min(JoinMs * _msSamples, gap.Length / 2);
        var jump = following[0] - following[_lag];
        for (var i = 1; i <= join; i++)
        {
            var share = (join + 1f - i) / (join + 1);
            var before = following[_lag - i] + (jump * share);
            var at = gap.Length - i;
            gap[at] = Clamp((gap[at] * (1 - share)) + (before * share));
        }
    }

    private static short Clamp(float value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);

    private void Push(ReadOnlySpan<short> samples)
    {
        if (samples.Length >= _history.Length)
        {
            samples[^_history.Length..].CopyTo(_history);
            return;
        }

        _history.AsSpan(samples.Length).CopyTo(_history);
        samples.CopyTo(_history.AsSpan(_history.Length - samples.Length));
    }

    private void Begin()
    {
        _lag = FindLag();
        _jump = _history[^1] - _history[_history.Length - 1 - _lag];
    }

    private short Next()
    {
        var position = _concealed++;
        var silent = SilentMs * _msSamples;
        if (position >= silent)
        {
            // Counts no further than it must: a gap may last for hours.
            _concealed = silent + 1;
            return _noise?.Next() ?? 0;
        }

        var stage = Math.Min(position / (FullMs * _msSamples), 2);
        var value = Repeat(stage + 1, position);
        var sinceStage = position - (stage * FullMs * _msSamples);
        var join = _lag / 4;
        if (stage > 0 && position < 3 * FullMs * _msSamples && sinceStage < join)
        {
            var share = (sinceStage + 1f) / (join + 1);
            value = (value * share) + (Repeat(stage, position) * (1 - share));
        }

        if (position < join)
        {
            value += _jump * (join - position) / join;
        }

        var gain = Math.Min(1, (silent - position) / (float)(silent - (FullMs * _msSamples)));
        var noise = _noise is { } comfort && gain < 1 ? comfort.Next() * MathF.Sqrt(1 - (gain * gain)) : 0;
        return Clamp((value * gain) + noise);
    }

    /// <summary>The last so many periods in a circle, the end of the circle blended into its beginning.</summary>
    private float Repeat(int periods, int position)
    {
        var length = periods * _lag;
        var start = _history.Length - length;
        var index = position % length;
        float value = _history[start + index];
        var join = _lag / 4;
        var intoJoin = index - (length - join);
        if (intoJoin < 0)
        {
            return value;
        }

        var share = (intoJoin + 1f) / (join + 1);
        return (value * (1 - share)) + (_history[start - join + intoJoin] * share);
    }

    /// <summary>The distance at which the end of the history is most like itself.</summary>
    private int FindLag()
    {
        var coarse = Best(_shortestLag, _longestLag, _step);
        return _step == 1 ? coarse : Best(Math.Max(_shortestLag, coarse - _step), Math.Min(_longestLag, coarse + _step), 1);
    }

    private int Best(int from, int to, int step)
    {
        var best = to;
        var bestScore = 0f;
        var start = _history.Length - _window;
        for (var lag = from; lag <= to; lag += step)
        {
            var product = 0f;
            var energy = 1f;
            for (var i = 0; i < _window; i += _step)
            {
                float before = _history[start + i - lag];
                product += _history[start + i] * before;
                energy += before * before;
            }

            var score = product > 0 ? product * product / energy : 0;
            if (score > bestScore)
            {
                bestScore = score;
                best = lag;
            }
        }

        return best;
    }
}
