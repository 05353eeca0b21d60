namespace Postbell.Interop.Tests.Audio;

public static class SimilarityAssertions
{
    /// <summary>The limits of the proof: length within 2 %, nothing lost, the same wave form but for what MP3 takes from it.</summary>
    public static void ShouldBeTheSame(this Similarity found, double correlation = 0.9)
    {
        found.Correlation.ShouldBeGreaterThan(correlation, found.ToString());
        Math.Abs(found.LengthError).ShouldBeLessThan(0.02, found.ToString());
        found.LostFrames.ShouldBe(0, found.ToString());
    }
}
