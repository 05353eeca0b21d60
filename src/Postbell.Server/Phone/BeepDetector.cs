using Postbell.Media.Codecs;

namespace Postbell.Server.Phone;

/// <summary>
/// Finds beeps in what comes in, 20 ms at a time: one steady frequency that holds nearly all energy for at least 120 ms. Speech never does that so long.
/// Allocates nothing.
/// </summary>
internal sealed class BeepDetector
{
    /// <summary>Samples of one step.</summary>
    public const int Frame = 160;

    private const double LowestHz = 300;
    private const double StepHz = 50;
    private const int Steps = 53;
    private const double Purity = 0.8;
    private const double LeastPower = 300.0 * 300;
    private const int LeastFrames = 6;
    private int _step = -1;
    private int _frames;

    /// <summary>Frequency of the beep found last, in Hz, within 50 Hz; 0 before the first.</summary>
    public double Frequency { get; private set; }

    /// <summary>Length of the beep found last.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Takes the next 160 samples (8 kHz); true when a beep has just ended.</summary>
    public bool Ended(ReadOnlySpan<short> frame)
    {
        var step = StrongestStep(frame);
        if (step >= 0 && _step >= 0 && Math.Abs(step - _step) <= 1)
        {
            _frames++;
            return false;
        }

        var ended = _frames >= LeastFrames;
        if (ended)
        {
            Frequency = LowestHz + (_step * StepHz);
            Duration = TimeSpan.FromMilliseconds(20 * _frames);
        }

        (_step, _frames) = (step, step >= 0 ? 1 : 0);
        return ended;
    }

    // The step of the frequency ladder that holds most of the frame's power; -1 when none does or the frame is quiet.
    private static int StrongestStep(ReadOnlySpan<short> frame)
    {
        double power = 0;
        foreach (var sample in frame)
        {
            power += (double)sample * sample;
        }

        if (power / frame.Length < LeastPower)
        {
            return -1;
        }

        var (best, bestPower) = (-1, 0.0);
        for (var step = 0; step < Steps; step++)
        {
            var found = PowerAt(LowestHz + (step * StepHz), frame);
            if (found > bestPower)
            {
                (best, bestPower) = (step, found);
            }
        }

        return bestPower > Purity * power ? best : -1;
    }

    // Goertzel's algorithm, scaled so that a pure sine gives the power of the frame.
    private static double PowerAt(double frequency, ReadOnlySpan<short> frame)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * frequency / G711.SampleRate);
        double previous = 0, beforePrevious = 0;
        foreach (var sample in frame)
        {
            (beforePrevious, previous) = (previous, sample + (coefficient * previous) - beforePrevious);
        }

        var power = (previous * previous) + (beforePrevious * beforePrevious) - (coefficient * previous * beforePrevious);
        return 2 * power / frame.Length;
    }
}
