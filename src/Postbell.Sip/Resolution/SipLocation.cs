namespace Postbell.Sip.Resolution;

/// <summary>Where the servers of a URI are.</summary>
/// <param name="Destinations">In the order to try them; empty with a failure.</param>
/// <param name="Failure">Why there are none.</param>
/// <param name="ExpiresAt">Until when the answer is good; far away for addresses.</param>
public sealed record SipLocation(IReadOnlyList<SipDestination> Destinations, SipLocationFailure Failure, DateTimeOffset ExpiresAt);
