namespace Postbell.Interop.Tests.Audio;

public class SimilarityTests
{
    [Fact]
    public async Task The_same_speech_later_in_a_recording_is_found_where_it_is()
    {
        var speech = await Speech.SentenceAsync(0);
        var recorded = new Pcm([.. new short[4000], .. speech.Samples, .. new short[800]]);
        var found = Similarity.Of(speech, recorded);
        found.Start.TotalSeconds.ShouldBe(0.5, 0.001);
        found.Correlation.ShouldBeGreaterThan(0.9999);
        found.LengthError.ShouldBe(0, 0.0001);
        found.LostFrames.ShouldBe(0);
    }

    [Fact]
    public async Task A_lost_frame_a_stretched_copy_and_another_sentence_are_told()
    {
        var speech = await Speech.SentenceAsync(0);
        var holed = (short[])speech.Samples.Clone();
        var loudest = Enumerable.Range(0, holed.Length / 160).MaxBy(f => holed.Skip(f * 160).Take(160).Sum(s => (long)s * s));
        Array.Clear(holed, loudest * 160, 160);
        Similarity.Of(speech, new Pcm(holed)).LostFrames.ShouldBe(1);

        var middle = speech.Samples.Length / 2;
        var stretched = new Pcm([.. speech.Samples[..middle], .. new short[1600], .. speech.Samples[middle..]]);
        Similarity.Of(speech, stretched).LengthError.ShouldBe(1600.0 / speech.Samples.Length, 0.001);

        Similarity.Of(speech, await Speech.SentenceAsync(1)).Correlation.ShouldBeLessThan(0.5);
    }
}
