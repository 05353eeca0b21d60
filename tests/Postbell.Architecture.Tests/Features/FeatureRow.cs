namespace Postbell.Architecture.Tests.Features;

/// <summary>A line of docs/features.tsv.</summary>
internal sealed record FeatureRow(int Line, string Number, string Name, string State, IReadOnlyList<string> Tests)
{
    public string Chapter => Number.Split('.')[0];
}
