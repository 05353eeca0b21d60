namespace Postbell.Sip.Parsing;

/// <summary>Hard limits of what is parsed. Beyond them a message is refused with a named reason.</summary>
public sealed record SipLimits
{
    /// <summary>Whole message, bytes.</summary>
    public int MessageBytes { get; init; } = 65_535;

    /// <summary>Body, bytes.</summary>
    public int BodyBytes { get; init; } = 49_152;

    /// <summary>Header lines of one message.</summary>
    public int HeaderLines { get; init; } = 128;

    /// <summary>One header with its folded lines, bytes.</summary>
    public int HeaderBytes { get; init; } = 8_192;

    /// <summary>Request or status line, bytes.</summary>
    public int StartLineBytes { get; init; } = 4_096;

    /// <summary>Via values of one message.</summary>
    public int Vias { get; init; } = 70;
}
