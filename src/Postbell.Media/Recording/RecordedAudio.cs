using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;

namespace Postbell.Media.Recording;

/// <summary>A stretch of a recording in one G.711 law, 8000 bytes a second.</summary>
/// <param name="Law">How the bytes are coded.</param>
/// <param name="Bytes">The audio.</param>
public readonly record struct RecordedRun(G711Law Law, ReadOnlyMemory<byte> Bytes);

/// <summary>All audio of a recording, in order.</summary>
/// <param name="Runs">Stretches of one law each; neighbours may share the law.</param>
/// <param name="GapBytes">How many of the bytes are silence put in place of audio that was lost (0: none).</param>
public sealed record RecordedAudio(IReadOnlyList<RecordedRun> Runs, long GapBytes)
{
    /// <summary>Nothing recorded.</summary>
    public static RecordedAudio Empty { get; } = new([], 0);

    /// <summary>Length in bytes.</summary>
    public long ByteCount => Runs.Sum(static run => (long)run.Bytes.Length);

    /// <summary>Length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(ByteCount / 8000.0);

    /// <summary>All of it as linear samples.</summary>
    public PcmAudio ToPcm()
    {
        var samples = new short[ByteCount];
        var at = 0;
        foreach (var run in Runs)
        {
            G711.Decode(run.Bytes.Span, samples.AsSpan(at), run.Law);
            at += run.Bytes.Length;
        }

        return new PcmAudio(samples, G711.SampleRate);
    }

    /// <summary>How much of it is speech, by the same measure that watches a running recording for silence.</summary>
    public TimeSpan MeasureSpeech()
    {
        var meter = new SpeechMeter();
        foreach (var run in Runs)
        {
            meter.Add(run.Bytes.Span, run.Law);
        }

        return TimeSpan.FromSeconds(meter.SpeechSamples / 8000.0);
    }
}
