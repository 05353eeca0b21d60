using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Recording;

namespace Postbell.Media.Tones;

/// <summary>
/// Looks whether the strongest frequency of some blocks of sound stands still. Every second sample of 8 kHz is enough: what lies above 2 kHz appears below
/// it, as still as it is.
/// </summary>
internal static class ToneFrequency
{
    /// <summary>A block of 20 ms: 160 codes, or 80 samples of 4 kHz.</summary>
    public const int BlockBytes = 160;

    /// <summary>Blocks that are looked at.</summary>
    public const int MostBlocks = 40;

    private const int SampleRate = 4000;
    private const int BlockSamples = 80;
    private const int PieceBlocks = 5;
    private const int PieceSamples = PieceBlocks * BlockSamples;
    private const int WindowSamples = PieceSamples - BlockSamples;
    private const int PieceStep = 4;
    private const int FewestPieces = 3;
    private const double BinHertz = 12.5;
    private const int FirstBin = 3;
    private const int BinGroups = 19;
    private const double FrequencySlack = 0.3;
    private const double LevelSlack = 1.35;

    private static readonly float[] s_window =
        [.. Enumerable.Range(0, WindowSamples).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / WindowSamples))))];

    private static readonly Vector256<float>[] s_coefficients =
        [.. Enumerable.Range(0, BinGroups).Select(g => Vector256.Create([.. Enumerable.Range(0, 8).Select(b => (float)(2 * Math.Cos(Omega(Bin(g, b)))))]))];

    /// <summary>True when it does.</summary>
    /// <param name="sound">A ring of <see cref="MostBlocks"/> blocks.</param>
    /// <param name="numbers">Which block of the sound each is.</param>
    /// <param name="stored">Blocks put into the ring so far.</param>
    /// <param name="format">What the bytes are.</param>
    public static bool StandsStill(ReadOnlySpan<byte> sound, ReadOnlySpan<long> numbers, int stored, RecordedFormat format)
    {
        Span<float> piece = stackalloc float[PieceSamples];
        Span<double> frequencies = stackalloc double[MostBlocks / PieceStep];
        Span<double> levels = stackalloc double[MostBlocks / PieceStep];
        var count = Math.Min(stored, MostBlocks);
        var pieces = 0;
        var bin = 0.0;
        for (var at = stored - PieceBlocks; at >= stored - count; at--)
        {
            if (numbers[(at + PieceBlocks - 1) % MostBlocks] - numbers[at % MostBlocks] != PieceBlocks - 1)
            {
                continue;
            }

            for (var block = 0; block < PieceBlocks; block++)
            {
                Expand(sound.Slice((at + block) % MostBlocks * BlockBytes, BlockBytes), piece.Slice(block * BlockSamples, BlockSamples), format);
            }

            bin = pieces == 0 ? Strongest(piece) : bin;
            (frequencies[pieces], levels[pieces]) = Measure(piece, bin);
            pieces++;
            at -= PieceStep - 1;
        }

        return pieces >= FewestPieces && Agree(frequencies[..pieces], levels[..pieces]);
    }

    // Lost packets spoil a piece or two of a tone.
    private static bool Agree(ReadOnlySpan<double> frequencies, ReadOnlySpan<double> levels)
    {
        Span<double> sorted = stackalloc double[frequencies.Length];
        frequencies.CopyTo(sorted);
        sorted.Sort();
        var frequency = sorted[sorted.Length / 2];
        levels.CopyTo(sorted);
        sorted.Sort();
        var level = sorted[sorted.Length / 2];
        var agreeing = 0;
        for (var i = 0; i < frequencies.Length; i++)
        {
            var isSame = Math.Abs(frequencies[i] - frequency) <= FrequencySlack && levels[i] <= level * LevelSlack && levels[i] * LevelSlack >= level;
            agreeing += isSame ? 1 : 0;
        }

        return agreeing >= (frequencies.Length <= 4 ? frequencies.Length : Math.Ceiling(frequencies.Length * 0.7));
    }

    private static void Expand(ReadOnlySpan<byte> block, Span<float> samples, RecordedFormat format)
    {
        if (format.Law() is { } law)
        {
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = G711.Decode(block[i * 2], law);
            }

            return;
        }

        var wide = MemoryMarshal.Cast<byte, short>(block);
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = wide[i];
        }
    }

    private static double Bin(int group, int index) => ((group * 8) + index + FirstBin) * BinHertz;

    private static double Omega(double hertz) => 2 * Math.PI * hertz / SampleRate;

    private static double Strongest(ReadOnlySpan<float> piece)
    {
        var best = 0f;
        var hertz = 0.0;
        for (var group = 0; group < BinGroups; group++)
        {
            var coefficients = s_coefficients[group];
            var one = Vector256<float>.Zero;
            var two = Vector256<float>.Zero;
            for (var i = 0; i < WindowSamples; i++)
            {
                var next = (coefficients * one) - two + Vector256.Create(piece[i] * s_window[i]);
                two = one;
                one = next;
            }

            var power = (one * one) + (two * two) - (coefficients * one * two);
            for (var i = 0; i < 8; i++)
            {
                if (power[i] > best)
                {
                    best = power[i];
                    hertz = Bin(group, i);
                }
            }
        }

        return hertz;
    }

    /// <summary>The exact frequency near a bin, by how far its phase moves within a block, and its power.</summary>
    private static (double Hertz, double Power) Measure(ReadOnlySpan<float> piece, double bin)
    {
        var omega = Omega(bin);
        var before = Spectrum(piece[..WindowSamples], omega);
        var behind = Spectrum(piece[BlockSamples..], omega);
        var turned = Math.IEEERemainder(behind.Phase - before.Phase - (omega * BlockSamples), 2 * Math.PI);
        return (bin + (turned * SampleRate / (2 * Math.PI * BlockSamples)), (before.Magnitude * before.Magnitude) + (behind.Magnitude * behind.Magnitude));
    }

    private static Complex Spectrum(ReadOnlySpan<float> samples, double omega)
    {
        var coefficient = 2 * Math.Cos(omega);
        var one = 0.0;
        var two = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var next = (coefficient * one) - two + (samples[i] * s_window[i]);
            two = one;
            one = next;
        }

        return one - (Complex.FromPolarCoordinates(1, -omega) * two);
    }
}
