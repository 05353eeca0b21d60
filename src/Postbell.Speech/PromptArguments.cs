namespace Postbell.Speech;

/// <summary>What goes into the slots of a prompt. Strangers may have chosen it: it is cleaned before it is spoken.</summary>
/// <param name="Name">A person's name.</param>
/// <param name="Number">A telephone number, spoken digit by digit.</param>
public readonly record struct PromptArguments(string? Name = null, string? Number = null)
{
    /// <summary>No slot is filled.</summary>
    public static PromptArguments None => default;
}
