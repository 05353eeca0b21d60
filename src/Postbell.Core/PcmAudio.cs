namespace Postbell.Core;

/// <summary>Linear PCM audio in memory: mono, 16-bit signed samples.</summary>
/// <param name="Samples">The samples; never changed after construction.</param>
/// <param name="SampleRate">Samples per second, for instance 8000.</param>
public sealed record PcmAudio(ReadOnlyMemory<short> Samples, int SampleRate)
{
    /// <summary>Length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);
}
