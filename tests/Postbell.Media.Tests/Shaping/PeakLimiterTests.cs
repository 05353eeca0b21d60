using FsCheck;
using FsCheck.Fluent;
using Postbell.Media.Shaping;

namespace Postbell.Media.Tests.Shaping;

public sealed class PeakLimiterTests
{
    [Fact]
    public void Nothing_leaves_above_the_ceiling_whatever_comes_in() =>
        Prop.ForAll<int, float[]>((seed, heights) =>
        {
            var random = new Random(seed);
            var samples = new float[2000];
            for (var i = 0; i < samples.Length; i++)
            {
                var height = heights.Length == 0 ? 100_000 : Math.Abs(heights[i % heights.Length]);
                samples[i] = (float)((random.NextDouble() - 0.5) * (float.IsFinite(height) ? Math.Min(height, 1e7f) : 1e6f));
            }

            new PeakLimiter(8000).Process(samples);
            return samples.All(static s => Math.Abs(s) <= PeakLimiter.Ceiling);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_below_the_ceiling_passes_unchanged_and_late_by_the_delay()
    {
        var limiter = new PeakLimiter(8000);
        var sound = Array.ConvertAll(Sounds.Noise(-20, 1), static s => (float)s);
        var passed = (float[])sound.Clone();
        limiter.Process(passed);
        passed.AsSpan(limiter.Delay).SequenceEqual(sound.AsSpan(0, sound.Length - limiter.Delay)).ShouldBeTrue();
        passed.AsSpan(0, limiter.Delay).ToArray().ShouldAllBe(static s => s == 0);
    }

    [Fact]
    public void A_peak_is_turned_down_smoothly_and_the_level_comes_back()
    {
        var limiter = new PeakLimiter(8000);
        var sound = new float[8000];
        Array.Fill(sound, 20_000f);
        sound[4000] = 90_000;
        limiter.Process(sound);
        // The level of a constant is the gain: no step of it is larger than a tone of full height makes.
        var steps = Enumerable.Range(limiter.Delay + 1, 7000).Where(i => i != 4000 + limiter.Delay && i != 4001 + limiter.Delay).Max(i => Math.Abs(sound[i] - sound[i - 1]));
        steps.ShouldBeLessThan(800);
        sound[4000 + limiter.Delay].ShouldBeInRange(25_000, PeakLimiter.Ceiling);
        sound[^1].ShouldBe(20_000, 5);
    }

    [Fact]
    public void After_a_reset_nothing_of_before_is_heard()
    {
        var limiter = new PeakLimiter(8000);
        limiter.Process([.. Enumerable.Repeat(90_000f, 500)]);
        limiter.Reset();
        float[] next = [.. Enumerable.Repeat(1_000f, 200)];
        limiter.Process(next);
        next.AsSpan(0, limiter.Delay).ToArray().ShouldAllBe(static s => s == 0);
        next.AsSpan(limiter.Delay).ToArray().ShouldAllBe(static s => s == 1_000f);
    }
}
