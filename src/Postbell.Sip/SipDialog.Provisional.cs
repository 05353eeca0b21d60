using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <content>
/// Provisional responses, reliable where the caller requires it, or where they hold the answer to its offer and it can (RFC 3262): then the session
/// is agreed before the call is answered, and may be changed by an offer in the PRACK or in an UPDATE.
/// </content>
public sealed partial class SipDialog
{
    private ReliableProvisionals? _reliable;
    private Action? _heldSuccess;

    internal void Provisional(InviteServerTransaction transaction, int status, string? reason, ProvisionalSession? session, SipHeader[] extra)
    {
        if (transaction.IsAnswered)
        {
            return;
        }

        _progressed = true;
        _events ??= session?.Events;
        var response = _stack.Responses.Build(
            transaction, status, reason, LocalTag, session?.Description ?? default, session?.ContentType, extra);
        RememberDescription(response.Body);
        var required = ReliableProvisionals.IsRequiredBy(transaction.Request);
        if (!required && (session is null || !ReliableProvisionals.IsSupportedBy(transaction.Request)))
        {
            transaction.Respond(response);
        }
        else if (!transaction.Request.SessionDescription.IsEmpty)
        {
            _reliable ??= new ReliableProvisionals(this, _stack, transaction);
            _reliable.Send(response);
        }

        // Without an offer in the INVITE, the first reliable response would have to hold ours (RFC 3261 section 13.2.1): the 2xx shall be the first.
    }

    /// <summary>The caller was asked for 64*T1 to acknowledge a ringing tone and is not there (RFC 3262 section 3).</summary>
    internal void OnProvisionalNeverAcknowledged(InviteServerTransaction transaction)
    {
        Respond(transaction, 504, null, []);
        CloseUnanswered();
    }

    private void OnPrack(ServerTransaction transaction)
    {
        if (_reliable?.Acknowledge(transaction.Request) != true)
        {
            Respond(transaction, 481, null, []);
            return;
        }

        if (transaction.Request.SessionDescription.IsEmpty)
        {
            Respond(transaction, 200, null, []);
        }
        else if (!_reliable.IsAnswerDelivered || _events is null)
        {
            // The offer in the INVITE has no answer yet, so another one has no place here (RFC 3262 section 5).
            Respond(transaction, 488, null, []);
        }
        else
        {
            HandOffer(transaction);
        }

        _reliable.SendNext();
        var held = _heldSuccess;
        _heldSuccess = null;
        held?.Invoke();
    }

    /// <summary>True when the caller's first offer was answered in a response it acknowledged: a further offer may come before the call is answered.</summary>
    private bool IsSessionAgreedEarly => _reliable is { IsAnswerDelivered: true };
}
