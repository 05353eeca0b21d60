using Postbell.Media.Quality;

namespace Postbell.Media.Tests.Quality;

public sealed class LossMeterTests
{
    [Fact]
    public void Without_losses_there_is_one_gap_and_nothing_else()
    {
        var pattern = Feed(new string('.', 100));
        pattern.ShouldBe(new LossPattern(100, 0, 0, 0, 0, 0));
        (pattern.LossRatio, pattern.BurstDensity, pattern.GapDensity, pattern.BurstRatio, pattern.MeanGap).ShouldBe((0, 0, 0, 1, 100));
    }

    [Fact]
    public void A_single_loss_is_part_of_the_gap()
    {
        var pattern = Feed(new string('.', 20) + "x" + new string('.', 20) + "x" + new string('.', 58));
        pattern.ShouldBe(new LossPattern(98, 2, 2, 0, 0, 0));
        pattern.GapDensity.ShouldBe(0.02);
    }

    [Fact]
    public void Losses_close_to_each_other_are_a_burst_from_the_first_to_the_last()
    {
        var pattern = Feed(new string('.', 30) + "x.x..xx" + new string('.', 16) + "x" + new string('.', 46));
        pattern.ShouldBe(new LossPattern(95, 5, 4, 1, 4, 7));
        pattern.BurstDensity.ShouldBe(4 / 7.0);
        pattern.GapDensity.ShouldBe(1 / 93.0);
        pattern.MeanBurst.ShouldBe(7);
        pattern.MeanGap.ShouldBe(46.5);
    }

    [Fact]
    public void Fifteen_received_packets_do_not_end_a_burst_and_sixteen_do()
    {
        Feed("x" + new string('.', 15) + "x").Bursts.ShouldBe(1);
        Feed("x" + new string('.', 16) + "x").Bursts.ShouldBe(0);
    }

    [Fact]
    public void Long_losses_have_a_higher_burst_ratio_than_as_many_single_ones()
    {
        var single = Feed(string.Concat(Enumerable.Repeat(new string('.', 19) + "x", 50)));
        var together = Feed(string.Concat(Enumerable.Repeat(new string('.', 190) + new string('x', 10), 5)));
        single.LossRatio.ShouldBe(together.LossRatio);
        single.BurstRatio.ShouldBe(1);
        together.BurstRatio.ShouldBe(10 * 0.95, 0.001);
    }

    private static LossPattern Feed(string packets)
    {
        var meter = new LossMeter();
        foreach (var packet in packets)
        {
            if (packet == '.')
            {
                meter.OnReceived();
            }
            else
            {
                meter.OnLost(1);
            }
        }

        return meter.Pattern();
    }
}
