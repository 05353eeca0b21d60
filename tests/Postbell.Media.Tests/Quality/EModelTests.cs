using Postbell.Core;
using Postbell.Media.Quality;

namespace Postbell.Media.Tests.Quality;

public sealed class EModelTests
{
    /// <summary>Table B.1 of G.107, and the rating of a connection with nothing but default values.</summary>
    [Theory]
    [InlineData(93.2, 4.41)]
    [InlineData(90, 4.34)]
    [InlineData(80, 4.03)]
    [InlineData(70, 3.60)]
    [InlineData(60, 3.10)]
    [InlineData(50, 2.58)]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(3, 1)]
    [InlineData(100, 4.5)]
    [InlineData(120, 4.5)]
    public void A_rating_has_the_score_of_the_recommendation(double rating, double score) => EModel.Score(rating).ShouldBe(score, 0.007);

    [Theory]
    [InlineData(0, 1, 0, 93.2)]
    // Ie,eff = 95 * 1 / (1 + 25.1) = 3.64; Bpl of G.113 appendix I.
    [InlineData(0.01, 1, 0, 89.56)]
    // 95 * 5 / (5 + 25.1) = 15.78.
    [InlineData(0.05, 1, 0, 77.42)]
    // In bursts twice as long: 95 * 5 / (2.5 + 25.1) = 17.21.
    [InlineData(0.05, 2, 0, 75.99)]
    // Id: 0.024 * 100 = 2.4; 0.024 * 300 + 0.11 * 122.7 = 20.7.
    [InlineData(0, 1, 100, 90.8)]
    [InlineData(0, 1, 300, 72.5)]
    public void Losses_bursts_and_delay_take_from_the_rating(double loss, double bursts, double delayMs, double rating) =>
        EModel.Rating(CodecImpairment.G711Concealed, loss, bursts, TimeSpan.FromMilliseconds(delayMs)).ShouldBe(rating, 0.01);

    [Fact]
    public void Without_concealment_losses_count_far_more() =>
        // 95 * 5 / (5 + 4.3) = 51.08.
        EModel.Rating(CodecImpairment.G711WithoutConcealment, 0.05, 1, TimeSpan.Zero).ShouldBe(93.2 - 51.08, 0.01);

    [Fact]
    public void What_cannot_be_is_bounded()
    {
        EModel.Rating(CodecImpairment.G711Concealed, 7, 0, TimeSpan.FromDays(1)).ShouldBe(0);
        EModel.Rating(CodecImpairment.G711Concealed, -1, -1, TimeSpan.FromDays(-1)).ShouldBe(93.2);
    }

    /// <summary>G.107.1: R = 129 - Ie,wb,eff, scored at R / 1.29.</summary>
    [Theory]
    [InlineData(0, 0, 4.5)]
    [InlineData(13, 0, 4.3371)]
    [InlineData(41, 0, 3.5123)]
    // G.722.2 at 12.65 kbit/s, both ears, of which 2 % are lost: 20 + 75 * 2 / 6.3 = 43.81.
    [InlineData(20, 0.02, 3.4062)]
    public void Wide_codecs_have_the_scores_of_the_wide_scale(double equipment, double loss, double score) =>
        EModel.Score(new CodecImpairment(equipment, 4.3, IsWide: true), loss, 1, TimeSpan.Zero).ShouldBe(score, 0.0005);

    [Fact]
    public void Each_codec_has_its_own_best_score_and_all_of_them_are_bounded()
    {
        EModel.BestScore(CodecImpairment.Of(VoiceCodec.Pcmu)).ShouldBe(4.41, 0.005);
        EModel.BestScore(CodecImpairment.Of(VoiceCodec.Pcma)).ShouldBe(4.41, 0.005);
        EModel.BestScore(CodecImpairment.Of(VoiceCodec.G722)).ShouldBe(4.34, 0.005);
        EModel.BestScore(CodecImpairment.Of(VoiceCodec.Opus)).ShouldBe(4.48, 0.005);
        foreach (var codec in Enum.GetValues<VoiceCodec>())
        {
            foreach (var loss in new[] { -1, 0, 0.01, 0.1, 0.5, 1, 9 })
            {
                EModel.Score(CodecImpairment.Of(codec), loss, 3, TimeSpan.FromSeconds(loss * 10)).ShouldBeInRange(1, 4.5);
            }
        }
    }

    [Fact]
    public void Opus_bears_losses_best_of_the_wide_codecs()
    {
        double Lost(VoiceCodec codec, double loss) =>
            EModel.BestScore(CodecImpairment.Of(codec)) - EModel.Score(CodecImpairment.Of(codec), loss, 1, TimeSpan.Zero);
        Lost(VoiceCodec.Opus, 0.02).ShouldBeLessThan(Lost(VoiceCodec.G722, 0.02));
    }
}
