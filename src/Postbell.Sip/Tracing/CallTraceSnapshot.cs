using Postbell.Core;

namespace Postbell.Sip.Tracing;

/// <summary>What is known of one call's signalling at a moment.</summary>
/// <param name="Id">Id of the call in log, ledger and lists; one of its own for a call that was refused.</param>
/// <param name="CallId">SIP Call-ID.</param>
/// <param name="BeganAt">When its first message came or went.</param>
/// <param name="HasEnded">True once it was refused, or either side said BYE.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Notes">What else was told about it.</param>
/// <param name="MessageCount">Messages so far, those included that were not kept.</param>
/// <param name="Messages">Those kept, oldest first; empty in a list of calls.</param>
public sealed record CallTraceSnapshot(
    TraceId Id, string CallId, DateTimeOffset BeganAt, bool HasEnded, string? Failure, IReadOnlyList<string> Notes, int MessageCount, IReadOnlyList<TracedMessage> Messages);
