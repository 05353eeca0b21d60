using Postbell.Server.Metrics;

namespace Postbell.Server.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void A_family_has_help_type_and_samples()
    {
        var text = new PrometheusText().Family("um_calls_total", "counter", "Calls by type.").Sample("um_calls_total", 3, ("type", "voice"), ("result", "ok")).ToString();
        text.ShouldBe("# HELP um_calls_total Calls by type.\n# TYPE um_calls_total counter\num_calls_total{type=\"voice\",result=\"ok\"} 3\n");
    }

    [Fact]
    public void Label_values_and_help_are_escaped()
    {
        var text = new PrometheusText().Family("a", "gauge", "x\ny\\z").Sample("a", 1, ("l", "q\"b\\c\nd")).ToString();
        text.ShouldContain("# HELP a x\\ny\\\\z\n");
        text.ShouldContain("a{l=\"q\\\"b\\\\c\\nd\"} 1\n");
    }

    [Fact]
    public void Numbers_are_written_the_same_in_every_country()
    {
        var text = new PrometheusText().Single("a", "gauge", "h", 0.25).Single("b", "gauge", "h", double.PositiveInfinity).ToString();
        text.ShouldContain("a 0.25\n");
        text.ShouldContain("b +Inf\n");
    }

    [Fact]
    public void Histogram_buckets_are_cumulated_and_end_at_infinity()
    {
        var text = new PrometheusText().Histogram("um_deposit_commit_seconds", "h", [0.1, 1], [2, 3, 1], 4.5).ToString();
        text.ShouldEndWith(
            """
            um_deposit_commit_seconds_bucket{le="0.1"} 2
            um_deposit_commit_seconds_bucket{le="1"} 5
            um_deposit_commit_seconds_bucket{le="+Inf"} 6
            um_deposit_commit_seconds_sum 4.5
            um_deposit_commit_seconds_count 6

            """.ReplaceLineEndings("\n"));
    }
}
