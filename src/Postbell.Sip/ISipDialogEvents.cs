using Postbell.Sip.Messages;

namespace Postbell.Sip;

/// <summary>What happens in a dialog. Every method runs on the dialog's executor.</summary>
public interface ISipDialogEvents
{
    /// <summary>The peer's ACK to a 2xx came, once for each 2xx; its body may be the answer to an offer of ours.</summary>
    void OnAcknowledged(SipRequest ack);

    /// <summary>A re-INVITE or UPDATE, with or without body: accept or reject it exactly once.</summary>
    void OnOffer(IncomingReinvite reinvite);

    /// <summary>INFO, NOTIFY or another request within the dialog: answer it exactly once.</summary>
    void OnRequest(IncomingRequest request);

    /// <summary>The peer asks for a transfer (REFER): accept or decline it exactly once. Whoever does not listen declines.</summary>
    void OnRefer(IncomingRefer refer) => refer.Decline();

    /// <summary>
    /// The peer answered a re-INVITE of ours that repeated our last session description to keep the session alive (RFC 4028); the body is its
    /// description, usually unchanged.
    /// </summary>
    void OnRefreshed(SipResponse answer)
    {
    }

    /// <summary>The dialog is over; the last event, exactly once.</summary>
    void OnEnded(SipDialogEnd end);
}
