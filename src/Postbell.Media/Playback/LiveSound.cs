using Postbell.Media.Shaping;

namespace Postbell.Media.Playback;

/// <summary>
/// A playback that somebody changed: clips as samples at another speed and volume, paused and moved, made packet by packet as they are sent. Every change is
/// heard within 20 ms and none of them clicks.
/// </summary>
internal sealed class LiveSound
{
    private readonly ClipSamples _source;
    private readonly TimeStretch _stretch;
    private readonly PeakLimiter _limiter;
    private readonly float[] _hop;
    private readonly float[] _block;
    private int _hopRest;
    private float _gain;
    private float _wantedGain;
    private float _gainStep;
    private long _earliest;
    private int _behindEnd;
    private int _behindPause;

    /// <summary>Goes on at speed 1 at a sample of the source.</summary>
    /// <param name="source">The clips.</param>
    /// <param name="position">The sample.</param>
    /// <param name="gain">Gain it begins with: of what was heard before; 0 begins with a pause.</param>
    public LiveSound(ClipSamples source, long position, float gain = 1)
    {
        _gain = gain;
        _wantedGain = gain;
        _earliest = position;
        IsPaused = gain == 0;
        _source = source;
        _stretch = new TimeStretch(source, position);
        _limiter = new PeakLimiter(source.SampleRate);
        _hop = new float[_stretch.HopSamples];
        _block = new float[source.SampleRate / 50];

        // The limiter looks ahead: it gets what comes first, so that the sound goes on without a gap.
        var ahead = _block.AsSpan(0, _limiter.Delay);
        Pull(ahead);
        _limiter.Process(ahead);
    }

    /// <summary>True once everything was made.</summary>
    public bool IsOver => _stretch.IsOver && _hopRest == 0 && _behindEnd >= _limiter.Delay;

    /// <summary>True while it is paused and what was heard has faded away.</summary>
    public bool IsSilent => IsPaused && _gain == 0 && _behindPause >= _limiter.Delay;

    public bool IsPaused { get; private set; }

    /// <summary>The sample of the source that leaves next.</summary>
    public long Position =>
        IsOver ? _source.Length : Math.Max(_stretch.Position - (long)((_hopRest + _limiter.Delay - _behindEnd) * _stretch.Speed), _earliest);

    /// <summary>The factor of a gain in decibel.</summary>
    public static float GainOf(double db) => (float)Math.Pow(10, db / 20);

    /// <summary>Changes speed, volume and pause from the next packet on.</summary>
    public void Change(double speed, double volumeDb, bool paused)
    {
        _stretch.Speed = speed;
        _behindPause = paused == IsPaused ? _behindPause : 0;
        IsPaused = paused;
        _wantedGain = paused ? 0 : GainOf(volumeDb);
        _gainStep = Math.Abs(_wantedGain - _gain) / (_source.SampleRate / 100);
    }

    /// <summary>Goes on at another sample of the source.</summary>
    public void Jump(long position)
    {
        _earliest = Math.Clamp(position, 0, _source.Length);
        _stretch.Jump(_earliest);
        _behindEnd = 0;
    }

    /// <summary>Makes the next packet; behind the end and in a pause it is silence.</summary>
    public void Fill(Span<short> samples)
    {
        while (!samples.IsEmpty)
        {
            var block = _block.AsSpan(0, Math.Min(_block.Length, samples.Length));
            Pull(block);
            _limiter.Process(block);
            for (var i = 0; i < block.Length; i++)
            {
                samples[i] = (short)MathF.Round(block[i]);
            }

            samples = samples[block.Length..];
        }
    }

    private void Pull(Span<float> samples)
    {
        while (!samples.IsEmpty)
        {
            if (IsPaused && _gain == 0)
            {
                // What was not heard is not used up.
                samples.Clear();
                _behindPause += samples.Length;
                return;
            }

            if (_hopRest == 0 && _stretch.IsOver)
            {
                samples.Clear();
                _behindEnd += samples.Length;
                return;
            }

            if (_hopRest == 0)
            {
                _stretch.Hop(_hop);
                _hopRest = _hop.Length;
            }

            samples[0] = _hop[^_hopRest--] * NextGain();
            samples = samples[1..];
        }
    }

    private float NextGain()
    {
        if (_gain != _wantedGain)
        {
            var rest = _wantedGain - _gain;
            _gain = Math.Abs(rest) <= _gainStep ? _wantedGain : _gain + MathF.CopySign(_gainStep, rest);
        }

        return _gain;
    }
}
