namespace Postbell.Speech;

/// <summary>Where rendered prompts are kept and how long a call waits for one.</summary>
public sealed record PromptStoreOptions
{
    /// <summary>Folder of the rendered prompts; made when it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>Longest time a call waits for a prompt; it goes on being rendered for the next call.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Audio kept in memory, in bytes.</summary>
    public long MemoryBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Audio kept in the folder, in bytes; the longest unused goes first.</summary>
    public long DiskBytes { get; init; } = 512L * 1024 * 1024;
}
