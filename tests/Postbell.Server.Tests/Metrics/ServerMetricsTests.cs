using System.Text.RegularExpressions;
using Postbell.Server.Tests.Hosting;

namespace Postbell.Server.Tests.Metrics;

public sealed partial class ServerMetricsTests(RunningDemo demo)
{
    [Fact]
    public async Task Every_line_is_well_formed_and_every_sample_has_a_type()
    {
        using var http = demo.Server.CreateClient(token: null);
        var response = await http.GetAsync("/metrics");
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var typed = new HashSet<string>(StringComparer.Ordinal);
        var samples = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in (await response.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                typed.Add(line.Split(' ')[2]).ShouldBeTrue($"declared twice: {line}");
            }
            else if (!line.StartsWith('#'))
            {
                var sample = Sample().Match(line);
                sample.Success.ShouldBeTrue(line);
                typed.ShouldContain(Suffix().Replace(sample.Groups["name"].Value, ""));
                samples.Add(line[..line.LastIndexOf(' ')]).ShouldBeTrue($"there twice: {line}");
            }
        }

        typed.ShouldContain("um_build_info");
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_]\w*="([^"\\]|\\[\\"n])*",?)+\})? (-?[0-9.]+([eE][-+]?\d+)?|[-+]Inf|NaN)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix();
}
