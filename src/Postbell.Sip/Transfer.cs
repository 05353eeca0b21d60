using Postbell.Sip.Messages;

namespace Postbell.Sip;

/// <summary>A transfer that the peer of a dialog is asked for (RFC 3515).</summary>
public sealed record Transfer
{
    /// <summary>Whom the peer shall call.</summary>
    public required SipUri Target { get; init; }

    /// <summary>
    /// A dialog of ours with the target that the peer's call shall take the place of (RFC 3891, attended transfer); null for a blind one. Its
    /// <see cref="SipDialog.RemoteTarget"/> usually is the target.
    /// </summary>
    public SipDialog? InPlaceOf { get; init; }

    /// <summary>Who transfers (Referred-By, RFC 3892); null leaves it out.</summary>
    public NameAddress? ReferredBy { get; init; }

    /// <summary>True asks the peer not to report (RFC 4488); it may do so all the same.</summary>
    public bool WithoutReports { get; init; }

    /// <summary>How long the outcome is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Hears the provisional and final status that the peer reports; on the dialog's executor.</summary>
    public Action<int>? OnProgress { get; init; }

    /// <summary>Further headers, such as Diversion.</summary>
    public IReadOnlyList<SipHeader> Headers { get; init; } = [];
}

/// <summary>How a transfer ended.</summary>
public enum TransferEnd
{
    /// <summary>The target answered the peer: end the call with <see cref="SipDialog.Bye"/>.</summary>
    Succeeded,

    /// <summary>The peer did not take the request; the status is its answer.</summary>
    Refused,

    /// <summary>The peer called the target in vain; the status is what it was told. The call with the peer is still up.</summary>
    Failed,

    /// <summary>Nothing was heard of the outcome in time. The call with the peer is still up.</summary>
    TimedOut,

    /// <summary>The peer took the request and does not report (RFC 4488), or ended its reports without an outcome.</summary>
    NotReported,

    /// <summary>The call with the peer ended first. Many peers hang up as soon as they have taken the request.</summary>
    CallEnded,
}

/// <summary>The outcome of a transfer.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Status">The last status heard: of the target, or of the peer when it refused; 0 when there was none.</param>
/// <param name="WasAccepted">True when the peer took the request.</param>
public sealed record TransferOutcome(TransferEnd End, int Status, bool WasAccepted);
