using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;

namespace Postbell.Media.Shaping;

/// <summary>
/// Finds the busy or dial tone that a line plays once the caller has hung up, at the end of a recording, by the same measure that keeps it from counting as
/// speech while the call runs.
/// </summary>
internal static class ToneTail
{
    private const int BlockSamples = 160;

    // What stays of the tone: where it begins may be told 60 ms too early, and there may be a word.
    private const int StaysMs = 100;

    // A recording of nothing but tones is left as it is.
    private const int LeastMs = 500;

    /// <summary>Where the tones begin, behind a margin; the length of the recording when there are none at its end.</summary>
    /// <param name="samples">The recording.</param>
    /// <param name="sampleRate">8000 or 16000; others are left as they are.</param>
    public static int Find(ReadOnlySpan<short> samples, int sampleRate)
    {
        var perTick = sampleRate / G711.SampleRate;
        if (sampleRate is not (G711.SampleRate or VoiceCodecFacts.WideRate) || samples.Length < sampleRate)
        {
            return samples.Length;
        }

        var meter = new SpeechMeter();
        Measure(samples, perTick, ref meter);
        meter.Conclude();
        var begin = (meter.ToneTail * perTick) + (StaysMs * sampleRate / 1000);
        return meter.ToneTail * perTick < LeastMs * sampleRate / 1000 ? samples.Length : (int)Math.Min(begin, samples.Length);
    }

    private static void Measure(ReadOnlySpan<short> samples, int perTick, ref SpeechMeter meter)
    {
        Span<byte> codes = stackalloc byte[BlockSamples];
        for (; !samples.IsEmpty; samples = samples[Math.Min(samples.Length, BlockSamples * perTick)..])
        {
            var block = samples[..Math.Min(samples.Length, BlockSamples * perTick)];
            if (perTick > 1)
            {
                meter.Add(block);
                continue;
            }

            G711.Encode(block, codes, G711Law.Mu);
            meter.Add(codes[..block.Length], G711Law.Mu);
        }
    }
}
