using System.Security.Cryptography;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <content>What the peer asks for: the first INVITE and requests within the dialog.</content>
public sealed partial class SipDialog
{
    private IncomingInvite? _invite;
    private InviteServerTransaction? _inviteTransaction;
    private ServerTransaction? _pendingOffer;

    /// <summary>The first INVITE, on the executor.</summary>
    internal void OnFirstInvite(InviteServerTransaction transaction, ISipServer server)
    {
        _inviteTransaction = transaction;
        _remoteNumber = transaction.Request.CSeq.Number;
        _invite = new IncomingInvite(transaction);
        LimitAnswer(transaction);
        if (ReplacedRefusal() is { } refusal)
        {
            Reject(transaction, refusal.Status, refusal.Reason, []);
            return;
        }

        try
        {
            server.OnInvite(_invite);
        }
        catch
        {
            // A fault of the application is not the caller's silence.
            Reject(transaction, 500, null, []);
            throw;
        }
    }

    internal void Accept(InviteServerTransaction transaction, ReadOnlyMemory<byte> body, string contentType, ISipDialogEvents events, SipHeader[] extra)
    {
        if (transaction.IsAnswered)
        {
            return;
        }

        _events = events;
        if (_reliable is { IsAnswerUnderWay: true })
        {
            _heldSuccess = () => Accept(transaction, body, contentType, events, extra);
            return;
        }

        _answerLimit?.Cancel();
        _stack.LookUps.Begin(_route, _flow, Executor);
        SendSuccess(transaction, body, contentType, extra);
        EndReplaced();
    }

    internal void Reject(InviteServerTransaction transaction, int status, string? reason, SipHeader[] extra)
    {
        if (transaction.IsAnswered)
        {
            return;
        }

        _closing = true;
        _answerLimit?.Cancel();
        Respond(transaction, status, reason, extra);
        _stack.Dialogs.Remove(this);
        Volatile.Write(ref _ended, true);
    }

    internal void AcceptOffer(ServerTransaction transaction, ReadOnlyMemory<byte> body, string? contentType, SipHeader[] extra)
    {
        if (transaction.IsAnswered)
        {
            return;
        }

        Settle(transaction);
        if (transaction is InviteServerTransaction invite)
        {
            SendSuccess(invite, body, contentType, extra);
        }
        else
        {
            RememberDescription(body);
            IReadOnlyList<SipHeader> session = transaction.Request.Method == SipMethods.Update ? AnswerSession(transaction.Request) : [];
            transaction.Respond(_stack.Responses.Build(transaction, 200, null, LocalTag, body, contentType, [.. session, .. extra]));
        }
    }

    internal void RejectOffer(ServerTransaction transaction, int status, string? reason, SipHeader[] extra)
    {
        if (!transaction.IsAnswered)
        {
            Settle(transaction);
            Respond(transaction, status, reason, extra);
        }
    }

    /// <summary>A CANCEL for an INVITE of this dialog; the CANCEL itself has its 200 already (RFC 3261 section 9.2).</summary>
    internal void OnCancel(InviteServerTransaction transaction, SipRequest cancel)
    {
        if (transaction.IsAnswered)
        {
            return;
        }

        _invite?.LearnReasons(cancel);

        Respond(transaction, 487, null, []);
        if (ReferenceEquals(transaction, _inviteTransaction))
        {
            CloseUnanswered();
        }
        else
        {
            Settle(transaction);
        }
    }

    /// <summary>An ACK to a 2xx; repeated ones find nothing to acknowledge.</summary>
    internal void OnAck(SipRequest ack)
    {
        var delivery = _unacknowledged.Find(waiting => waiting.Number == ack.CSeq.Number);
        if (delivery is null)
        {
            return;
        }

        delivery.Acknowledge();
        _unacknowledged.Remove(delivery);
        if (!_ended)
        {
            _events?.OnAcknowledged(ack);
        }

        if (_unacknowledged.Count == 0)
        {
            SendDeferredBye();
        }
    }

    /// <summary>A new request of the peer within the dialog, on the executor.</summary>
    internal void OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (_remoteNumber is { } last && request.CSeq.Number <= last)
        {
            // Out of order (RFC 3261 section 12.2.2).
            Respond(transaction, 500, "CSeq Out Of Order", []);
            return;
        }

        _remoteNumber = request.CSeq.Number;
        if (EarlyRefusal(request) is { } refusal)
        {
            Respond(transaction, refusal.Status, refusal.Reason, refusal.Status == 500 ? [RetrySoon()] : []);
        }
        else if (request.Method == SipMethods.Bye)
        {
            OnBye(transaction);
        }
        else if (_closing)
        {
            Respond(transaction, 481, null, []);
        }
        else if (request.Method is SipMethods.Invite or SipMethods.Update)
        {
            OnOffer(transaction);
        }
        else if (request.Method == SipMethods.Options)
        {
            Respond(transaction, 200, null, []);
        }
        else if (request.Method == SipMethods.Prack)
        {
            OnPrack(transaction);
        }
        else if (IsReferNotify(request))
        {
            OnReferNotify(transaction);
        }
        else if (_events is null)
        {
            Respond(transaction, 500, "Call Not Answered Yet", [RetrySoon()]);
        }
        else if (request.Method == SipMethods.Refer)
        {
            OnRefer(transaction);
        }
        else
        {
            Hand(transaction, events => events.OnRequest(new IncomingRequest(transaction, LocalTag)));
        }
    }

    private void OnOffer(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (request.Contact is { } contact)
        {
            // Target refresh (RFC 3261 section 12.2.2).
            _route.RemoteTarget = contact.Uri;
            _stack.LookUps.Begin(_route, _flow, Executor);
        }

        var tooEarly = _inviteTransaction is { IsAnswered: false }
            && (request.Method == SipMethods.Invite || (!request.SessionDescription.IsEmpty && !IsSessionAgreedEarly));
        if (tooEarly || _pendingOffer is { IsAnswered: false } || _events is null)
        {
            // A second offer while the first is still unanswered (RFC 3261 section 14.2, RFC 3311 section 5.2).
            Respond(transaction, 500, "Earlier Offer Not Answered", [RetrySoon()]);
        }
        else if (HasOwnOfferPending && (request.Method == SipMethods.Invite || !request.SessionDescription.IsEmpty))
        {
            Respond(transaction, 491, null, []);
        }
        else
        {
            HandOffer(transaction);
        }
    }

    private void HandOffer(ServerTransaction transaction)
    {
        _pendingOffer = transaction;
        LimitOffer(transaction);
        Hand(transaction, events => events.OnOffer(new IncomingReinvite(this, transaction)));
    }

    private void Hand(ServerTransaction transaction, Action<ISipDialogEvents> handler)
    {
        try
        {
            handler(_events!);
        }
        catch
        {
            Settle(transaction);
            Respond(transaction, 500, null, []);
            throw;
        }
    }

    /// <summary>Glare exists only when an offer of ours waits for its answer: in the ACK to a 2xx, or in the 2xx to our UPDATE.</summary>
    private bool HasOwnOfferPending => _ownOffers > 0 || _unacknowledged.Exists(waiting => waiting.CarriesOffer);

    private void OnBye(ServerTransaction transaction)
    {
        Respond(transaction, 200, null, []);
        if (_inviteTransaction is { IsAnswered: false } unanswered)
        {
            _invite?.LearnReasons(transaction.Request);
            Respond(unanswered, 487, null, []);
            CloseUnanswered();
            return;
        }

        _closing = true;
        _session.Stop();
        _deferredBye = null;
        StopDeliveries();
        RefusePendingOffer();
        _stack.Dialogs.Remove(this);
        End(new SipDialogEnd(SipDialogEndKind.Bye, SipReason.AllOf(transaction.Request).FirstOrDefault()));
    }

    private void CloseUnanswered()
    {
        _closing = true;
        _answerLimit?.Cancel();
        RefusePendingOffer();
        _stack.Dialogs.Remove(this);
        Volatile.Write(ref _ended, true);
        _invite?.MarkCancelled();
    }

    private void RefusePendingOffer()
    {
        if (_pendingOffer is { IsAnswered: false } pending)
        {
            Respond(pending, 487, null, []);
        }

        _pendingOffer = null;
    }

    private void Settle(ServerTransaction transaction)
    {
        if (ReferenceEquals(_pendingOffer, transaction))
        {
            _pendingOffer = null;
        }
    }

    private void SendSuccess(InviteServerTransaction transaction, ReadOnlyMemory<byte> body, string? contentType, SipHeader[] extra)
    {
        RememberDescription(body);
        transaction.Respond(_stack.Responses.Build(transaction, 200, null, LocalTag, body, contentType, [.. AnswerSession(transaction.Request), .. extra]));
        var carriesOffer = transaction.Request.SessionDescription.IsEmpty && !body.IsEmpty;
        _unacknowledged.Add(new SuccessDelivery(this, transaction, carriesOffer));
    }

    private static SipHeader RetrySoon() =>
        new("Retry-After", RandomNumberGenerator.GetInt32(0, 11).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
