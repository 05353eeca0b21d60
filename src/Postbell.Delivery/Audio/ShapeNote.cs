using System.Globalization;
using Postbell.Media.Shaping;

namespace Postbell.Delivery.Audio;

/// <summary>Says in the ledger how a recording was shaped.</summary>
internal static class ShapeNote
{
    /// <summary>For instance <c>trimmed 1.2 s at the beginning and 0.8 s at the end; level +6.3 dB (it had -25.3 LUFS)</c>; empty when nothing was changed.</summary>
    public static string Of(in RecordingShape shape, TimeSpan received, int sampleRate)
    {
        var start = shape.Start / (double)sampleRate;
        var end = received.TotalSeconds - (shape.End / (double)sampleRate);
        List<string> notes = [];
        if (start >= 0.05 || end >= 0.05)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"trimmed {start:0.0} s at the beginning and {end:0.0} s at the end"));
        }

        if (shape.GainDb != 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"level {shape.GainDb:+0.0;-0.0} dB (it had {shape.Loudness:0.0} LUFS)"));
        }

        return string.Join("; ", notes);
    }
}
