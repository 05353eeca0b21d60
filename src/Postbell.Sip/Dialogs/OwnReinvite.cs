using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Dialogs;

/// <summary>A re-INVITE of ours: acknowledges its 2xx, again for each repetition, and reports the final response once.</summary>
/// <param name="invite">The re-INVITE.</param>
/// <param name="acknowledge">Sends the ACK for the re-INVITE as it was sent last to the 2xx, and tells what was sent, or null when it could not leave.</param>
/// <param name="finished">Hears the final response.</param>
internal sealed class OwnReinvite(
    SipRequest invite, Func<SipRequest, SipResponse, (SipFlow Flow, byte[] Bytes)?> acknowledge, Action<SipResponse> finished) : IClientTransactionUser
{
    private (SipFlow Flow, byte[] Bytes)? _ack;
    private SipRequest _invite = invite;
    private bool _finished;

    public void OnRenewed(SipRequest request) => _invite = request;

    public void OnResponse(SipResponse response)
    {
        if (response.IsProvisional)
        {
            return;
        }

        if (response.IsSuccess)
        {
            if (_ack is { } sent)
            {
                sent.Flow.Send(sent.Bytes, null);
            }
            else
            {
                _ack = acknowledge(_invite, response);
            }
        }

        if (!_finished)
        {
            _finished = true;
            finished(response);
        }
    }
}
