namespace Postbell.Speech.Catalogue;

/// <summary>Which prompts have slots.</summary>
internal static class PromptSlots
{
    public const string Name = "name";
    public const string Number = "number";

    public static IReadOnlyList<string> Of(PromptId id) => id switch
    {
        PromptId.GreetingWithName => [Name],
        PromptId.NobodyAtNumber => [Number],
        _ => [],
    };
}
