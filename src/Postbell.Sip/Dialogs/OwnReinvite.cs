using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Dialogs;

/// <summary>A re-INVITE of ours: acknowledges its 2xx, again for each repetition, and reports the final response once.</summary>
/// <param name="acknowledge">Sends the ACK to the 2xx and tells what was sent, or null when it could not leave.</param>
/// <param name="finished">Hears the final response.</param>
internal sealed class OwnReinvite(Func<SipResponse, (SipFlow Flow, byte[] Bytes)?> acknowledge, Action<SipResponse> finished) : IClientTransactionUser
{
    private (SipFlow Flow, byte[] Bytes)? _ack;
    private bool _finished;

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
                _ack = acknowledge(response);
            }
        }

        if (!_finished)
        {
            _finished = true;
            finished(response);
        }
    }
}
