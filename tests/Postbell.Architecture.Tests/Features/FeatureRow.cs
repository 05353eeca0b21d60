namespace Postbell.Architecture.Tests.Features;

/// <summary>A line of docs/features.tsv or docs/attacks.tsv.</summary>
internal sealed record FeatureRow(string File, int Line, string Number, string Name, string State, IReadOnlyList<string> Tests)
{
    public string Chapter => Number.Split('.')[0];
}
