namespace Postbell.Interop.Tests.Phone;

/// <summary>How a call of the test phone looks.</summary>
public sealed record CallRequest
{
    /// <summary>The caller's number; a random one, so that calls can be told apart.</summary>
    public string Caller { get; init; } = $"+49301{Random.Shared.Next(100000, 999999)}";

    public string CallerName { get; init; } = "Test Phone";

    /// <summary>Whole header lines to add, each with its CRLF.</summary>
    public string ExtraHeaders { get; init; } = "";

    /// <summary>0 is PCMU, 8 is PCMA.</summary>
    public int PayloadType { get; init; }

    /// <summary>Sends every request twice at once, as a network may.</summary>
    public bool Twice { get; init; }

    /// <summary>Sends CANCEL right behind the INVITE.</summary>
    public bool CancelAtOnce { get; init; }
}
