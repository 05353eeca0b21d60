using Postbell.Sip;
using Postbell.Sip.Tracing;

namespace Postbell.Server.Http;

/// <summary>GET /api/v1/calls/recent.</summary>
internal sealed record RecentCallsReply(IReadOnlyList<RecentCallRow> Calls);

/// <summary>A call whose signalling is remembered.</summary>
internal sealed record RecentCallRow(
    string Id, string CallId, DateTimeOffset BeganAt, string State, string? Failure, int Messages, IReadOnlyList<string> Notes);

/// <summary>GET /api/v1/calls/trace.</summary>
internal sealed record CallTraceReply(
    string Id, string CallId, DateTimeOffset BeganAt, bool HasEnded, string? Failure, IReadOnlyList<string> Notes, int MessageCount,
    IReadOnlyList<CallTraceMessage> Messages);

/// <summary>A message of it; the text is what was kept, without secrets.</summary>
internal sealed record CallTraceMessage(
    DateTimeOffset At, SipDirection Direction, SipTransport Transport, string Source, string Destination, string Summary, int Length, string Text);
