using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <summary>
/// A change of the session the peer asks for: re-INVITE (RFC 3261 section 14.2), UPDATE (RFC 3311) or, before the call is answered, PRACK (RFC 3262
/// section 5). Answer it exactly once, on the dialog's executor.
/// </summary>
public sealed class IncomingReinvite
{
    private readonly SipDialog _dialog;
    private readonly ServerTransaction _transaction;

    internal IncomingReinvite(SipDialog dialog, ServerTransaction transaction)
    {
        _dialog = dialog;
        _transaction = transaction;
    }

    /// <summary>The request.</summary>
    public SipRequest Request => _transaction.Request;

    /// <summary>True for UPDATE.</summary>
    public bool IsUpdate => Request.Method == SipMethods.Update;

    /// <summary>The session description the peer offers; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Offer => Request.SessionDescription;

    /// <summary>True when there is an offer. A re-INVITE without one asks for our offer; an UPDATE without one only refreshes the target.</summary>
    public bool HasOffer => !Offer.IsEmpty;

    /// <summary>True when it was answered, or withdrawn by CANCEL or the end of the dialog.</summary>
    public bool IsAnswered => _transaction.IsAnswered;

    /// <summary>Accepts with 200: the answer to the offer, or our offer to a re-INVITE without one (its answer comes with the ACK).</summary>
    public void Accept(ReadOnlyMemory<byte> body, string? contentType, params SipHeader[] extra) =>
        _dialog.Executor.RunOrPost(() => _dialog.AcceptOffer(_transaction, body, contentType, extra));

    /// <summary>Refuses; the session stays as it was.</summary>
    /// <param name="status">300 to 699, usually 488.</param>
    /// <param name="reason">Reason phrase; null is the usual one.</param>
    /// <param name="extra">Further headers.</param>
    public void Reject(int status, string? reason = null, params SipHeader[] extra)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        _dialog.Executor.RunOrPost(() => _dialog.RejectOffer(_transaction, status, reason, extra));
    }
}
