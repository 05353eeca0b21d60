namespace Postbell.Speech;

/// <summary>The prompt files are not complete.</summary>
public sealed class PromptCatalogueException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
