using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Codecs;

namespace Postbell.Server.Phone;

/// <summary>What the test phone hears, kept from the first frame on, with the beeps in it. Filled by the engine thread, read by others at any time.</summary>
internal sealed class HeardAudio(TimeSpan limit) : IRecordingSink
{
    private readonly short[] _samples = new short[(int)(limit.TotalSeconds * G711.SampleRate)];
    private readonly BeepDetector _detector = new();
    private readonly TaskCompletionSource _firstBeep = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Beep> _beeps = new(64);
    private readonly Lock _gate = new();
    private int _count;
    private int _analysed;

    /// <summary>Ends when the first beep is over.</summary>
    public Task FirstBeep => _firstBeep.Task;

    /// <summary>All beeps so far.</summary>
    public IReadOnlyList<Beep> Beeps
    {
        get
        {
            lock (_gate)
            {
                return [.. _beeps];
            }
        }
    }

    /// <summary>Everything heard so far.</summary>
    public PcmAudio Audio
    {
        get
        {
            lock (_gate)
            {
                return new PcmAudio(_samples[.._count], G711.SampleRate);
            }
        }
    }

    /// <inheritdoc />
    public void Append(ReadOnlySpan<byte> g711, G711Law law)
    {
        lock (_gate)
        {
            var taken = Math.Min(g711.Length, _samples.Length - _count);
            G711.Decode(g711[..taken], _samples.AsSpan(_count, taken), law);
            Listen(taken);
        }
    }

    /// <inheritdoc />
    public void Append(ReadOnlySpan<short> wide)
    {
        lock (_gate)
        {
            // Every two samples become one: the beeps lie far below half the rate.
            var taken = Math.Min(wide.Length / 2, _samples.Length - _count);
            for (var i = 0; i < taken; i++)
            {
                _samples[_count + i] = (short)((wide[2 * i] + wide[(2 * i) + 1]) / 2);
            }

            Listen(taken);
        }
    }

    private void Listen(int taken)
    {
        _count += taken;
        for (; _count - _analysed >= BeepDetector.Frame; _analysed += BeepDetector.Frame)
        {
            if (_detector.Ended(_samples.AsSpan(_analysed, BeepDetector.Frame)))
            {
                Note(TimeSpan.FromSeconds((double)_analysed / G711.SampleRate));
            }
        }
    }

    private void Note(TimeSpan end)
    {
        if (_beeps.Count < _beeps.Capacity)
        {
            _beeps.Add(new Beep((end - _detector.Duration).TotalSeconds, _detector.Duration.TotalSeconds, _detector.Frequency));
        }

        _firstBeep.TrySetResult();
    }
}

/// <summary>A beep that was heard: begin and length in seconds, frequency in Hz.</summary>
internal sealed record Beep(double At, double Seconds, double Hertz);
