using System.Globalization;
using System.Text;

namespace Postbell.Server.Metrics;

/// <summary>Writes metrics in the Prometheus text format 0.0.4: per family HELP and TYPE, then its samples.</summary>
internal sealed class PrometheusText
{
    /// <summary>Content-Type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>A family with one sample without labels.</summary>
    public PrometheusText Single(string name, string type, string help, double value) => Family(name, type, help).Sample(name, value);

    /// <summary>Begins a family; <paramref name="type"/> is counter, gauge or histogram.</summary>
    public PrometheusText Family(string name, string type, string help)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <summary>One sample of the family begun last.</summary>
    public PrometheusText Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        var opener = '{';
        foreach (var (label, text) in labels)
        {
            _text.Append(opener).Append(label).Append("=\"").Append(Escape(text)).Append('"');
            opener = ',';
        }

        _text.Append(labels.Length > 0 ? "} " : " ").Append(Number(value)).Append('\n');
        return this;
    }

    /// <summary>A histogram: per upper bound (ascending) the observations up to it, not cumulated; those above the last bound; their sum.</summary>
    public PrometheusText Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        Family(name, "histogram", help);
        long total = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            Sample(name + "_bucket", total, ("le", i < bounds.Count ? Number(bounds[i]) : "+Inf"));
        }

        return Sample(name + "_sum", sum).Sample(name + "_count", total);
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
