namespace Postbell.Mime;

/// <summary>How far the parser follows a message. Past a limit the rest stays reachable as the body of the last entity.</summary>
public sealed record MimeLimits
{
    /// <summary>What the mailbox uses.</summary>
    public static MimeLimits Default { get; } = new();

    /// <summary>Deepest nesting; a container below it is shown as application/octet-stream.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Most entities in one message.</summary>
    public int MaxParts { get; init; } = 1000;

    /// <summary>Bytes of one header that are looked at.</summary>
    public int MaxHeaderBytes { get; init; } = 256 * 1024;

    /// <summary>Most addresses kept of one header.</summary>
    public int MaxAddresses { get; init; } = 1000;
}
