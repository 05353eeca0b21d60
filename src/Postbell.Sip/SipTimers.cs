namespace Postbell.Sip;

/// <summary>Base times of the transaction timers (RFC 3261 section 17.1.1.1, table 4).</summary>
public sealed record SipTimers
{
    /// <summary>Round trip estimate, 500 ms.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest retransmission interval, 4 s.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest time a message stays in the network, 5 s.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Timers B, F, H, J, L, M and the wait for an ACK: 64 times T1.</summary>
    public TimeSpan Timeout => T1 * 64;

    /// <summary>Timer D: how long a client INVITE transaction absorbs repeated final responses, at least 32 s over UDP.</summary>
    public TimeSpan D => Timeout > TimeSpan.FromSeconds(32) ? Timeout : TimeSpan.FromSeconds(32);
}
