using System.Net;

namespace Postbell.Bench.Load;

/// <summary>What the calls of a run do.</summary>
internal enum CallKind
{
    /// <summary>Speak for a time, hang up.</summary>
    Record,

    /// <summary>Listen for a time, hang up.</summary>
    Play,

    /// <summary>Hang up as soon as the call is answered.</summary>
    Short,
}

/// <summary>One run of the generator.</summary>
internal sealed record LoadOptions
{
    public required CallKind Kind { get; init; }

    /// <summary>Where the server listens.</summary>
    public required IPEndPoint Target { get; init; }

    /// <summary>No signalling: RTP to these ports of the floor program, one for each call.</summary>
    public IReadOnlyList<int> DirectPorts { get; init; } = [];

    public bool Direct => DirectPorts.Count > 0;

    /// <summary>Our first RTP port; 0 is any.</summary>
    public int RtpPort { get; init; }

    public int Calls { get; init; } = 100;

    /// <summary>New calls a second, whatever became of the earlier ones (open loop).</summary>
    public double Rate { get; init; } = 100;

    /// <summary>How long each call speaks or listens.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the answer to the first spoken word: greeting and beep must be over by then.</summary>
    public TimeSpan Before { get; init; } = TimeSpan.FromMilliseconds(1500);

    public IReadOnlyList<string> Numbers { get; init; } = ["1001", "1002", "1003", "1004", "1005"];

    /// <summary>Wakes for every packet: exact times at light load, too dear at heavy load.</summary>
    public bool Eager { get; init; }

    /// <summary>Part of the Call-ID that tells this run from others.</summary>
    public string RunName { get; init; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The run ends here whatever is still open.</summary>
    public TimeSpan Limit => TimeSpan.FromSeconds((Calls / Rate) + 40) + Length + Before;
}
