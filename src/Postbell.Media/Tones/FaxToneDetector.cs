namespace Postbell.Media.Tones;

/// <summary>
/// Finds the tones of fax machines in sound of 8000 Hz, block by block of 20 ms. Of a pure tone each sample is the half sum of its neighbours divided by the
/// cosine of its frequency: the best such cosine of a block tells the frequency, and what it leaves unexplained tells that nothing else is in it. No speech
/// does so at one of the two frequencies for long; a note of music is told from CNG by the quiet before and behind it.
/// </summary>
internal sealed class FaxToneDetector
{
    /// <summary>Samples of a block.</summary>
    public const int BlockSamples = 160;

    private const double SampleRate = 8000;

    // -43 dBm0, as a mean square: nothing softer is meant for us.
    private const double LeastEnergy = 13_500;

    // Noise may be 19 dB below the tone; the two tones of key 8, whose mean is near CNG, leave more.
    private const double MostResidue = 0.05;
    private const double QuietRatio = 0.1;

    private const double CallingHertz = 1100;
    private const double CallingSlack = 45;

    // 0.5 s with 15 % more or less; the blocks at its ends are part tone, part quiet.
    private const int CallingLeast = 19;
    private const int CallingMost = 31;
    private const int QuietBehind = 10;

    private const double AnsweringHertz = 2100;
    private const double AnsweringSlack = 20;
    private const int AnsweringLeast = 50;

    // A turn of phase or a lost packet spoils a block or two.
    private const int MostSpoilt = 2;

    private double _last;
    private double _beforeLast;
    private double _toneEnergy;
    private int _calling;
    private int _spoilt;
    private int _quiet;
    private bool _wasQuietBefore;
    private int _answering;
    private int _answeringSpoilt;

    /// <summary>Listens to the next <see cref="BlockSamples"/> samples; returns the tone that is certain with them.</summary>
    public FaxTone? Add(ReadOnlySpan<short> block)
    {
        var (energy, hertz) = Measure(block);
        var tone = IsAnswering(hertz) ? FaxTone.Answering : IsCalling(energy, hertz) ? FaxTone.Calling : (FaxTone?)null;
        _beforeLast = _last;
        _last = energy;
        return tone;
    }

    /// <summary>Begins anew: what comes next does not follow what came.</summary>
    public void Reset()
    {
        _calling = 0;
        _quiet = 0;
        _answering = 0;
        _last = 0;
        _beforeLast = 0;
    }

    private bool IsAnswering(double hertz)
    {
        if (Math.Abs(hertz - AnsweringHertz) <= AnsweringSlack)
        {
            _answeringSpoilt = 0;
            return ++_answering == AnsweringLeast;
        }

        if (++_answeringSpoilt > MostSpoilt)
        {
            _answering = 0;
        }

        return false;
    }

    private bool IsCalling(double energy, double hertz)
    {
        if (Math.Abs(hertz - CallingHertz) <= CallingSlack)
        {
            if (_calling == 0 || _spoilt > MostSpoilt)
            {
                // The block before may hold its beginning.
                _wasQuietBefore = _beforeLast < energy * QuietRatio;
                _calling = 0;
                _spoilt = 0;
                _toneEnergy = 0;
            }

            _calling += _spoilt + 1;
            _spoilt = 0;
            _quiet = 0;
            _toneEnergy = Math.Max(_toneEnergy, energy);
            return false;
        }

        if (_calling == 0)
        {
            return false;
        }

        // One block behind the tone may hold its end.
        _spoilt++;
        _quiet = energy < _toneEnergy * QuietRatio ? _quiet + 1 : 0;
        if (_quiet < QuietBehind && (_spoilt <= MostSpoilt || _quiet >= _spoilt - 1))
        {
            return false;
        }

        var found = _quiet >= QuietBehind && _wasQuietBefore && _calling is >= CallingLeast and <= CallingMost;
        _calling = 0;
        _spoilt = 0;
        return found;
    }

    /// <summary>The mean square of a block, and its frequency when it is one pure tone; 0 otherwise.</summary>
    private static (double Energy, double Hertz) Measure(ReadOnlySpan<short> block)
    {
        double own = 0, both = 0, neighbours = 0;
        for (var i = 1; i < block.Length - 1; i++)
        {
            double sample = block[i];
            double sum = block[i - 1] + block[i + 1];
            own += sample * sample;
            both += sample * sum;
            neighbours += sum * sum;
        }

        var energy = own / block.Length;
        if (energy < LeastEnergy)
        {
            return (energy, 0);
        }

        var residue = neighbours - (both * both / own);
        var cosine = Math.Clamp(both / (2 * own), -1, 1);
        var hertz = residue <= own * MostResidue ? Math.Acos(cosine) * SampleRate / (2 * Math.PI) : 0;
        return (energy, IsStar(block, hertz) ? 0 : hertz);
    }

    /// <summary>The tones of the star key have their mean near CNG and leave little more than noise does: they stand on both sides of it.</summary>
    private static bool IsStar(ReadOnlySpan<short> block, double hertz) =>
        Math.Abs(hertz - CallingHertz) <= CallingSlack && PowerAt(block, 941) + PowerAt(block, 1209) > PowerAt(block, hertz);

    /// <summary>Goertzel's measure of one frequency.</summary>
    private static double PowerAt(ReadOnlySpan<short> block, double hertz)
    {
        var twice = 2 * Math.Cos(2 * Math.PI * hertz / SampleRate);
        double last = 0, before = 0;
        foreach (var sample in block)
        {
            (last, before) = (sample + (twice * last) - before, last);
        }

        return (last * last) + (before * before) - (twice * last * before);
    }
}
