using System.Numerics;

namespace Postbell.Interop.Tests.Audio;

/// <summary>How a recording compares with what was sent.</summary>
/// <param name="Start">Where in the recording the sent audio begins.</param>
/// <param name="Correlation">Normalised correlation of the whole after alignment: 1 is the same wave form.</param>
/// <param name="LengthError">How much longer (+) or shorter (-) the recorded copy is, as a part of the length sent: from where its first and its last second are found.</param>
/// <param name="LostFrames">20 ms frames that are loud in what was sent and silent in the recording.</param>
public sealed record Similarity(TimeSpan Start, double Correlation, double LengthError, int LostFrames)
{
    /// <summary>Which frames are lost: time in what was sent, its loudness against the mean, and what is left of it.</summary>
    public string LostAt { get; private init; } = "";

    private const int Frame = 160;

    public static Similarity Of(Pcm sent, Pcm recorded)
    {
        if (recorded.Samples.Length < Pcm.Rate)
        {
            return new Similarity(TimeSpan.Zero, 0, -1, sent.Samples.Length / Frame);
        }

        double[] x = [.. sent.Samples.Select(s => (double)s)], y = [.. recorded.Samples.Select(s => (double)s)];
        var lag = BestLag(x, y);
        var first = Math.Max(0, -lag);
        var length = Math.Min(x.Length - first, y.Length - Math.Max(0, lag));
        var a = x.AsSpan(first, length);
        var b = y.AsSpan(Math.Max(0, lag), length);
        var second = Math.Min(Pcm.Rate, x.Length / 3);
        var headLag = BestLag(x[..second], y);
        var tailLag = BestLag(x[^second..], y) - (x.Length - second);
        var lost = FindLost(a, b);
        var cut = (x.Length - length) / Frame;
        return new Similarity(
            TimeSpan.FromSeconds((double)lag / Pcm.Rate),
            Dot(a, b) / Math.Sqrt((Dot(a, a) * Dot(b, b)) + 1e-9),
            (double)(tailLag - headLag) / x.Length,
            lost.Count + cut)
        {
            LostAt = string.Join(", ", lost) + (cut > 0 ? $" {cut} at the ends" : ""),
        };
    }

    /// <summary>The shift at which <paramref name="x"/> is found in <paramref name="y"/>, by correlation in the frequency domain.</summary>
    private static int BestLag(double[] x, double[] y)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)(x.Length + y.Length));
        var fx = new Complex[size];
        var fy = new Complex[size];
        for (var i = 0; i < x.Length; i++)
        {
            fx[i] = x[i];
        }

        for (var i = 0; i < y.Length; i++)
        {
            fy[i] = y[i];
        }

        Fourier.Transform(fx);
        Fourier.Transform(fy);
        for (var i = 0; i < size; i++)
        {
            // The conjugate of the product's conjugate: a forward transform of it is the inverse one, mirrored only in sign.
            fx[i] = fx[i] * Complex.Conjugate(fy[i]);
        }

        Fourier.Transform(fx);
        var best = 0;
        for (var i = 1; i < size; i++)
        {
            if (fx[i].Real > fx[best].Real)
            {
                best = i;
            }
        }

        return best > y.Length ? best - size : best;
    }

    private static List<string> FindLost(ReadOnlySpan<double> sent, ReadOnlySpan<double> recorded)
    {
        var mean = Dot(sent, sent) / sent.Length;
        var gain = Dot(recorded, recorded) / Math.Max(1, Dot(sent, sent));
        var lost = new List<string>();
        for (var at = 0; at + Frame <= sent.Length; at += Frame)
        {
            var energy = Dot(sent.Slice(at, Frame), sent.Slice(at, Frame)) / Frame;
            var kept = Dot(recorded.Slice(at, Frame), recorded.Slice(at, Frame)) / Frame;
            // Only what is plainly loud, and then plainly gone: MP3 takes quiet low sounds away, and at some phases nine tenths of a plosive's energy.
            // A frame of silence in its place keeps less than a hundredth (measured), smeared in from its neighbours; what is lost to the sample is found in WAV.
            if (energy > 0.25 * mean && kept < 0.03 * gain * energy)
            {
                lost.Add($"{(double)at / Pcm.Rate:0.00} s ({energy / mean:0.00}, {kept / energy:0.000})");
            }
        }

        return lost;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
