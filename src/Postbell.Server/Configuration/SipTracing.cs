using Postbell.Sip.Tracing;

namespace Postbell.Server.Configuration;

/// <summary>What is remembered of the signalling of calls, and where it is sent.</summary>
internal sealed record SipTracing
{
    /// <summary>Megabytes of memory for the messages of running and recent calls; 0 remembers nothing.</summary>
    public int MemoryMegabytes { get; init; } = 32;

    /// <summary>How long an ended call is remembered at most.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many failed calls the data folder keeps; 0 writes none.</summary>
    public int FailedCalls { get; init; } = 100;

    /// <summary>The collector that gets every message of calls; null for none.</summary>
    public HepOptions? Homer { get; init; }
}
