using Postbell.Media.Concealment;

namespace Postbell.Media.Jitter;

/// <summary>The sound about to be played: decoded, concealed or noise, and what makes it longer or shorter. Lengths are in ticks of 1/8000 s.</summary>
internal sealed class PlayoutLine
{
    private const int JoinTicks = 32;
    private const float SilenceAboveNoise = 2.5f;
    private const float SilenceFloor = 30;

    private readonly int _rate;
    private readonly int _perTick;
    private readonly WaveformConcealer _concealer;
    private readonly short[] _sound;
    private readonly short[] _join;
    private int _count;

    public PlayoutLine(int sampleRate, uint noiseSeed)
    {
        _rate = sampleRate;
        _perTick = sampleRate / 8000;
        Noise = new ComfortNoise(noiseSeed);
        _concealer = new WaveformConcealer(sampleRate, Noise);
        _sound = new short[8192 * _perTick];
        _join = new short[JoinTicks * _perTick];
    }

    /// <summary>The noise of the line.</summary>
    public ComfortNoise Noise { get; }

    /// <summary>What is there, in ticks.</summary>
    public int Ticks => _count / _perTick;

    /// <summary>True when what was added last holds no speech.</summary>
    public bool IsSilent { get; private set; } = true;

    /// <summary>Takes sound from the beginning; there must be as much.</summary>
    public void Take(Span<short> sound)
    {
        _sound.AsSpan(0, sound.Length).CopyTo(sound);
        _count -= sound.Length;
        _sound.AsSpan(sound.Length, _count).CopyTo(_sound);
    }

    /// <summary>Adds what was received.</summary>
    public void Add(ReadOnlySpan<short> sound)
    {
        sound = sound[..Math.Min(sound.Length, _sound.Length - _count)];
        var wasConcealing = _concealer.IsConcealing;
        var join = wasConcealing ? Math.Min(_join.Length, sound.Length) : 0;
        _concealer.Conceal(_join.AsSpan(0, join));
        var target = _sound.AsSpan(_count, sound.Length);
        sound.CopyTo(target);
        for (var i = 0; i < join; i++)
        {
            var share = (i + 1f) / (join + 1);
            target[i] = (short)((_join[i] * (1 - share)) + (target[i] * share));
        }

        Noise.Learn(sound);
        _concealer.Keep(sound);
        IsSilent = LevelOf(sound) < (Noise.Level * SilenceAboveNoise) + SilenceFloor;
        _count += sound.Length;
    }

    /// <summary>Adds what a lost packet most likely said.</summary>
    public void AddConcealed(int ticks)
    {
        var target = Room(ticks);
        _concealer.Conceal(target);
        _count += target.Length;
    }

    /// <summary>Adds the noise of a pause.</summary>
    public void AddNoise(int ticks)
    {
        var target = Room(ticks);
        Noise.Fill(target);
        _count += target.Length;
        IsSilent = true;
    }

    /// <summary>Becomes shorter in a silence by up to so much; returns by how much.</summary>
    public int ShortenSilence(int ticks) => Shorten(Math.Min(ticks * _perTick, _count / 2 / _perTick * _perTick));

    /// <summary>Becomes longer in a silence by up to so much; returns by how much.</summary>
    public int LengthenSilence(int ticks) => Lengthen(Math.Min(ticks * _perTick, _count / 2 / _perTick * _perTick));

    /// <summary>Becomes shorter by a period of the voice; returns by how much, 0 when that would be heard.</summary>
    public int ShortenVoice(float likeness) => Shorten(TimeScale.FindPeriod(_sound.AsSpan(0, _count), _rate, likeness) / _perTick * _perTick);

    /// <summary>Becomes longer by a period of the voice; returns by how much, 0 when that would be heard.</summary>
    public int LengthenVoice(float likeness) => Lengthen(TimeScale.FindPeriod(_sound.AsSpan(0, _count), _rate, likeness) / _perTick * _perTick);

    private static float LevelOf(ReadOnlySpan<short> sound)
    {
        var energy = 0f;
        foreach (var sample in sound)
        {
            energy += sample * (float)sample;
        }

        return sound.IsEmpty ? 0 : MathF.Sqrt(energy / sound.Length);
    }

    private int Shorten(int samples)
    {
        if (samples > 0)
        {
            _count = TimeScale.Shorten(_sound, _count, samples);
        }

        return samples / _perTick;
    }

    private int Lengthen(int samples)
    {
        if (samples <= 0 || _count + samples > _sound.Length)
        {
            return 0;
        }

        _count = TimeScale.Lengthen(_sound, _count, samples);
        return samples / _perTick;
    }

    private Span<short> Room(int ticks) => _sound.AsSpan(_count, Math.Min(ticks * _perTick, _sound.Length - _count));
}
