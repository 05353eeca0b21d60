using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;

namespace Postbell.Sip;

/// <content>
/// Dialogs of calls we make, before the call is answered: the called side may change the session it agreed to in a reliable provisional response
/// (RFC 3311), ask and inform; it may not hang up (RFC 3261 section 15) nor call back.
/// </content>
public sealed partial class SipDialog
{
    private bool _early;

    /// <summary>Our offer was answered in a response that we acknowledged.</summary>
    internal bool IsAgreedEarly { get; set; }

    /// <summary>Its addressing; the numbers of later requests go on from there.</summary>
    internal DialogRoute Route => _route;

    /// <summary>A dialog made by a reliable provisional response to our INVITE.</summary>
    internal void BeginEarly(ISipDialogEvents events)
    {
        _early = true;
        Attach(events);
    }

    /// <summary>The call was answered in this dialog; the route set is that of the 2xx (section 13.2.2.4).</summary>
    internal void Confirm(DialogRoute route)
    {
        _early = false;
        _route = route;
    }

    /// <summary>The call was answered elsewhere, or failed; the events hear of that otherwise. Nothing happens to a dialog that is not early.</summary>
    internal void EndEarly()
    {
        if (!_early)
        {
            return;
        }

        _early = false;
        _closing = true;
        _session.Stop();
        RefusePendingOffer();
        _stack.Dialogs.Remove(this);
        Volatile.Write(ref _ended, true);
    }

    /// <summary>What an early dialog of ours has no place for; null for what is served.</summary>
    private (int Status, string? Reason)? EarlyRefusal(SipRequest request) => !_early ? null : request.Method switch
    {
        SipMethods.Bye => (481, "Call Not Answered Yet"),
        SipMethods.Invite => (491, null),
        SipMethods.Update when !request.SessionDescription.IsEmpty && !IsAgreedEarly => (491, null),
        SipMethods.Refer or SipMethods.Notify => (500, "Call Not Answered Yet"),
        _ => null,
    };
}
