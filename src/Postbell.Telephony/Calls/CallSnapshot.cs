using Postbell.Core;
using Postbell.Media.Quality;

namespace Postbell.Telephony.Calls;

/// <summary>A running call as <c>postbell calls</c> and the HTTP interface show it.</summary>
/// <param name="Id">Trace id; <c>postbell trace</c> takes it.</param>
/// <param name="CallId">SIP Call-ID.</param>
/// <param name="Gateway">Name of the gateway.</param>
/// <param name="DialPlan">Name of the dial plan.</param>
/// <param name="Called">Extension of the called person.</param>
/// <param name="CalledName">Name of the called person.</param>
/// <param name="Caller">Number of the caller, or empty.</param>
/// <param name="CallerName">Name of the caller, or empty.</param>
/// <param name="State">What the call is doing.</param>
/// <param name="StartedAt">When its INVITE came.</param>
/// <param name="Duration">How long ago that was.</param>
/// <param name="Quality">How it sounds until now.</param>
public sealed record CallSnapshot(
    TraceId Id,
    string CallId,
    string Gateway,
    string DialPlan,
    string Called,
    string CalledName,
    string Caller,
    string CallerName,
    CallState State,
    DateTimeOffset StartedAt,
    TimeSpan Duration,
    MediaQuality Quality);
