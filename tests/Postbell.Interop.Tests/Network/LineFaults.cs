namespace Postbell.Interop.Tests.Network;

/// <summary>What a line does to the audio of the phone on its way to the server. Chance is seeded: each run has the same faults.</summary>
public sealed record LineFaults
{
    /// <summary>The part of packets that never arrives, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The part of packets that arrives twice, the second time behind the next two.</summary>
    public double Duplicates { get; init; }

    /// <summary>The part of packets that arrives behind the next one to three.</summary>
    public double Reordering { get; init; }

    /// <summary>Takes telephone-events out of offers and answers, as a gateway does that knows none.</summary>
    public bool HidesTelephoneEvents { get; init; }

    public int Seed { get; init; } = 1;
}
