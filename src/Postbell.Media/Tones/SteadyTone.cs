using Postbell.Media.Recording;

namespace Postbell.Media.Tones;

/// <summary>
/// Tells tones of machines (dial, busy, fax, hum) from people, in steps that cost little: first the level, for a tone keeps its level within 2 dB from
/// one block of 20 ms to the next, also over the pauses of its cadence, as nobody speaks for long; only sound that did so for 0.8 s is looked at, whether its
/// strongest frequency stands still within 0.3 Hz, as no voice can hold it.
/// </summary>
internal sealed class SteadyTone
{
    private const int Kept = ToneFrequency.MostBlocks;

    // Blocks of one level until the frequency is looked at, and looked at again.
    public const int BlocksToJudge = 40;

    // Less than 0.3 s says nothing at the end of a recording.
    private const int BlocksToConclude = 15;
    private const int MostScore = 48;
    private const int OddScore = 4;

    // So many in a row are another sound.
    private const int MostOdd = 3;
    private const double Louder = 1.585;
    private const double Softer = 0.63;

    private readonly long[] _numbers = new long[Kept];
    private byte[]? _sound;
    private RecordedFormat _format;
    private double _level;
    private long _number;
    private int _stored;
    private int _score;
    private int _unjudged;
    private int _odd;
    private bool _afterPause = true;

    /// <summary>True while a tone lasts, pauses of its cadence included.</summary>
    public bool IsTone { get; private set; }

    /// <summary>Where the sound of the block that is being measured belongs: 160 codes of G.711, or every second of 160 samples of 8 kHz.</summary>
    public Span<byte> Slot(RecordedFormat format)
    {
        _sound ??= new byte[Kept * ToneFrequency.BlockBytes];
        if (format != _format)
        {
            _format = format;
            Forget();
        }

        return _sound.AsSpan(_stored % Kept * ToneFrequency.BlockBytes, ToneFrequency.BlockBytes);
    }

    /// <summary>A block of silence passed: pauses are part of a cadence.</summary>
    public void Pause()
    {
        _number++;
        _odd = 0;
        _afterPause = true;
    }

    /// <summary>A loud block passed, of some energy.</summary>
    public SteadyToneStep Take(double energy)
    {
        _number++;
        var afterPause = _afterPause;
        _afterPause = false;
        if (_score == 0)
        {
            return Begin(energy);
        }

        if (energy > _level * Louder || energy < _level * Softer)
        {
            return OnOdd(energy, afterPause);
        }

        var wasOdd = _odd > 0;
        _odd = 0;
        _score -= wasOdd ? OddScore : 0;
        if (_score <= 0)
        {
            return Begin(energy);
        }

        _level += (energy - _level) / 8;
        Keep();
        _score = Math.Min(_score + 1, MostScore);
        _unjudged++;
        var isDue = _score >= BlocksToJudge && _unjudged >= BlocksToJudge;
        return isDue ? Judge() : IsTone ? SteadyToneStep.Tone : wasOdd ? SteadyToneStep.Odd : SteadyToneStep.None;
    }

    /// <summary>The recording ends: a tone too short for certainty is judged by what there was. True when it was one.</summary>
    public bool Conclude() => !IsTone && _score >= BlocksToConclude && _sound is not null && ToneFrequency.StandsStill(_sound, _numbers, _stored, _format);

    // The first and last block of a burst are shorter than others; odd blocks amid the sound are none of a tone.
    private SteadyToneStep OnOdd(double energy, bool afterPause)
    {
        if (afterPause)
        {
            return SteadyToneStep.None;
        }

        return ++_odd == MostOdd ? Begin(energy) : _odd > 1 ? SteadyToneStep.Odd : SteadyToneStep.None;
    }

    private SteadyToneStep Begin(double energy)
    {
        Forget();
        _level = energy;
        _score = 1;
        _unjudged = 1;
        Keep();
        return SteadyToneStep.Began;
    }

    private SteadyToneStep Judge()
    {
        _unjudged = 0;
        var was = IsTone;
        IsTone = ToneFrequency.StandsStill(_sound!, _numbers, _stored, _format);
        if (!IsTone)
        {
            Forget();
        }

        return IsTone ? was ? SteadyToneStep.Tone : SteadyToneStep.Found : was ? SteadyToneStep.Refuted : SteadyToneStep.None;
    }

    private void Keep()
    {
        _numbers[_stored % Kept] = _number;
        _stored++;
    }

    private void Forget()
    {
        if (_stored > 0 && _sound is not null)
        {
            // The block that is being measured stays the current one.
            var slot = _stored % Kept * ToneFrequency.BlockBytes;
            _sound.AsSpan(slot, ToneFrequency.BlockBytes).CopyTo(_sound);
        }

        IsTone = false;
        _stored = 0;
        _score = 0;
        _unjudged = 0;
        _odd = 0;
    }
}
