using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <content>Provisional responses, reliable where the caller requires it (RFC 3262).</content>
public sealed partial class SipDialog
{
    private ReliableProvisionals? _reliable;

    internal void Provisional(InviteServerTransaction transaction, int status, string? reason, SipHeader[] extra)
    {
        if (transaction.IsAnswered)
        {
            return;
        }

        _progressed = true;
        if (!ReliableProvisionals.IsRequiredBy(transaction.Request))
        {
            Respond(transaction, status, reason, extra);
        }
        else if (!transaction.Request.SessionDescription.IsEmpty)
        {
            _reliable ??= new ReliableProvisionals(this, _stack, transaction);
            _reliable.Send(_stack.Responses.Build(transaction, status, reason, LocalTag, default, null, extra));
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

        // Our provisional responses hold no answer, so an offer has no place here (RFC 3262 section 5).
        Respond(transaction, transaction.Request.SessionDescription.IsEmpty ? 200 : 488, null, []);
        _reliable.SendNext();
    }
}
