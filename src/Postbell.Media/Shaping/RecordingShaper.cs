using Postbell.Core;

namespace Postbell.Media.Shaping;

/// <summary>
/// Shapes a recording for the person who gets it: without the silence at its ends, and as loud as the others. What is kept and not made louder or softer is
/// kept sample by sample.
/// </summary>
public static class RecordingShaper
{
    private const int BlockSamples = 4096;

    /// <summary>Shapes a recording.</summary>
    /// <param name="audio">The recording, of 8000 Hz or more.</param>
    /// <param name="level">Whether its loudness is brought to <see cref="RecordingAnalysis.TargetLufs"/>.</param>
    /// <param name="trim">Whether silence and steady noise at its ends go, and the tone of a line whose caller has hung up.</param>
    /// <param name="key">The key that ended it, whose sound goes with the silence; null when none did.</param>
    /// <param name="shape">What was done.</param>
    /// <param name="within">Keys that interrupted it, in order, whose sound goes as well when silence does.</param>
    public static PcmAudio Shape(PcmAudio audio, bool level, bool trim, char? key, out RecordingShape shape, IReadOnlyList<PressedKey>? within = null)
    {
        if (!(level || trim) || audio.Samples.IsEmpty)
        {
            shape = RecordingShape.Whole(audio.Samples.Length);
            return audio;
        }

        if (trim && key is { } pressed)
        {
            audio = audio with { Samples = audio.Samples[..KeyTail.Find(audio.Samples.Span, audio.SampleRate, pressed)] };
        }

        if (trim && within is { Count: > 0 })
        {
            audio = audio with { Samples = WithoutKeys(audio.Samples, audio.SampleRate, within) };
        }

        if (trim)
        {
            audio = audio with { Samples = audio.Samples[..ToneTail.Find(audio.Samples.Span, audio.SampleRate)] };
        }

        var analysis = new RecordingAnalysis(audio.SampleRate);
        analysis.Add(audio.Samples.Span);
        shape = analysis.Complete(level, trim);
        var kept = audio.Samples[(int)shape.Start..(int)shape.End];
        return new PcmAudio(shape.GainDb == 0 ? kept : Amplify(kept.Span, audio.SampleRate, shape.GainDb), audio.SampleRate);
    }

    private static ReadOnlyMemory<short> WithoutKeys(ReadOnlyMemory<short> samples, int sampleRate, IReadOnlyList<PressedKey> keys)
    {
        var kept = new short[samples.Length];
        var (count, done) = (0, 0);
        foreach (var (at, key) in keys)
        {
            var end = (int)Math.Clamp(at.TotalSeconds * sampleRate, done, samples.Length);
            var part = samples.Span[done..end];
            part = part[..KeyTail.Find(part, sampleRate, key)];
            part.CopyTo(kept.AsSpan(count));
            count += part.Length;
            done = end;
        }

        samples.Span[done..].CopyTo(kept.AsSpan(count));
        return kept.AsMemory(0, count + samples.Length - done);
    }

    private static short[] Amplify(ReadOnlySpan<short> samples, int sampleRate, double gainDb)
    {
        var stage = new GainStage(sampleRate, gainDb);
        var output = new short[samples.Length];
        var scratch = new short[BlockSamples];
        var written = 0;
        for (var rest = samples; !rest.IsEmpty; rest = rest[Math.Min(BlockSamples, rest.Length)..])
        {
            written += Take(stage, rest[..Math.Min(BlockSamples, rest.Length)], scratch, output.AsSpan(written));
        }

        Take(stage, new short[stage.Delay], scratch, output.AsSpan(written));
        return output;
    }

    private static int Take(GainStage stage, ReadOnlySpan<short> input, short[] scratch, Span<short> output)
    {
        var count = Math.Min(stage.Process(input, scratch), output.Length);
        scratch.AsSpan(0, count).CopyTo(output);
        return count;
    }
}
