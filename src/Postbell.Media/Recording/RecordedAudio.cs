using System.Runtime.InteropServices;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;

namespace Postbell.Media.Recording;

/// <summary>A stretch of a recording in one format.</summary>
/// <param name="Format">How the bytes are coded.</param>
/// <param name="Bytes">The audio.</param>
public readonly record struct RecordedRun(RecordedFormat Format, ReadOnlyMemory<byte> Bytes);

/// <summary>All audio of a recording, in order.</summary>
/// <param name="Runs">Stretches of one format each; neighbours may share it.</param>
/// <param name="Gap">How much of it is silence put in place of audio that was lost (zero: none).</param>
public sealed record RecordedAudio(IReadOnlyList<RecordedRun> Runs, TimeSpan Gap)
{
    /// <summary>Nothing recorded.</summary>
    public static RecordedAudio Empty { get; } = new([], TimeSpan.Zero);

    /// <summary>Length in time.</summary>
    public TimeSpan Duration => RecordedFormatFacts.Time(Ticks);

    /// <summary>16000 when any of it is wideband, or else 8000.</summary>
    public int SampleRate => Runs.Any(static run => run.Format == RecordedFormat.Wide) ? VoiceCodecFacts.WideRate : G711.SampleRate;

    private long Ticks => Runs.Sum(static run => (long)(run.Bytes.Length >> run.Format.TickShift()));

    /// <summary>The whole of it as linear audio of <see cref="SampleRate"/>.</summary>
    public PcmAudio ToPcm()
    {
        var rate = SampleRate;
        var samples = new short[Ticks * (rate / G711.SampleRate)];
        var to = samples.AsSpan();
        for (var i = 0; i < Runs.Count;)
        {
            if (Runs[i].Format == RecordedFormat.Wide)
            {
                MemoryMarshal.Cast<byte, short>(Runs[i].Bytes.Span).CopyTo(to);
                to = to[(Runs[i].Bytes.Length / 2)..];
                i++;
                continue;
            }

            // Companded neighbours go through the resampler together, so that their seams are not heard.
            var narrow = Decode(ref i);
            Resampler.Convert(new PcmAudio(narrow, G711.SampleRate), rate).Samples.Span.CopyTo(to);
            to = to[(narrow.Length * (rate / G711.SampleRate))..];
        }

        return new PcmAudio(samples, rate);
    }

    /// <summary>How much of it is speech, by the same measure that watches a running recording for silence.</summary>
    public TimeSpan MeasureSpeech()
    {
        var meter = new SpeechMeter();
        foreach (var run in Runs)
        {
            if (run.Format.Law() is { } law)
            {
                meter.Add(run.Bytes.Span, law);
            }
            else
            {
                meter.Add(MemoryMarshal.Cast<byte, short>(run.Bytes.Span));
            }
        }

        meter.Conclude();
        return RecordedFormatFacts.Time(meter.SpeechSamples);
    }

    private short[] Decode(ref int index)
    {
        var from = index;
        var count = 0;
        for (; index < Runs.Count && Runs[index].Format != RecordedFormat.Wide; index++)
        {
            count += Runs[index].Bytes.Length;
        }

        var samples = new short[count];
        var at = 0;
        for (var i = from; i < index; i++)
        {
            G711.Decode(Runs[i].Bytes.Span, samples.AsSpan(at), Runs[i].Format.Law()!.Value);
            at += Runs[i].Bytes.Length;
        }

        return samples;
    }
}
