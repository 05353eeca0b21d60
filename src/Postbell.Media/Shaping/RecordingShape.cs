namespace Postbell.Media.Shaping;

/// <summary>What part of a recording is kept and how much louder it gets.</summary>
/// <param name="Start">First sample kept.</param>
/// <param name="End">The sample behind the last one kept.</param>
/// <param name="GainDb">Gain in decibel; 0 leaves every sample as it is.</param>
/// <param name="Loudness">Loudness of the recording as it came, in LUFS; null when there is nothing to measure.</param>
public readonly record struct RecordingShape(long Start, long End, double GainDb, double? Loudness)
{
    /// <summary>Samples kept.</summary>
    public long Length => End - Start;

    /// <summary>All of a recording as it is.</summary>
    public static RecordingShape Whole(long samples) => new(0, samples, 0, null);
}
