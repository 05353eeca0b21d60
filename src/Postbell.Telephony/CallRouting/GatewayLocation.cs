using Postbell.Sip;

namespace Postbell.Telephony.CallRouting;

/// <summary>What is known of where a gateway with a host name is.</summary>
/// <param name="Gateway">Name of the gateway.</param>
/// <param name="HostName">Its host name.</param>
/// <param name="Destinations">The last good answer; empty when there was none yet, or the name does not exist.</param>
/// <param name="Problem">What was wrong with the last look-up; null when nothing was.</param>
/// <param name="LookedUpAt">When it ended; null before the first one.</param>
public sealed record GatewayLocation(
    string Gateway, string HostName, IReadOnlyList<SipDestination> Destinations, string? Problem, DateTimeOffset? LookedUpAt);
