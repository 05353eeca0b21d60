using System.Security.Cryptography;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <content>Offers of ours in a dialog that is up (RFC 3261 section 14.1).</content>
public sealed partial class SipDialog
{
    private const int MostGlares = 8;

    private bool _calledByUs;

    /// <summary>
    /// Changes the session: a re-INVITE with our offer. When both sides offer at once (491) it is sent again after a random time, as often as needed
    /// within reason. A 408 or 481 ends the dialog; a local 481 stands for a dialog that has ended.
    /// </summary>
    /// <param name="offer">Our session description.</param>
    /// <param name="contentType">Its type.</param>
    /// <param name="cancellation">Ends the wait, not the request.</param>
    /// <returns>The final response; the answer is in the body of a 2xx, and its ACK has left.</returns>
    public Task<SipResponse> OfferAsync(ReadOnlyMemory<byte> offer, string contentType = "application/sdp", CancellationToken cancellation = default)
    {
        var final = new TaskCompletionSource<SipResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        Executor.RunOrPost(() => Offer(offer, contentType, final, 0));
        return final.Task.WaitAsync(cancellation);
    }

    private void Offer(ReadOnlyMemory<byte> offer, string contentType, TaskCompletionSource<SipResponse> final, int glares)
    {
        if (_closing)
        {
            final.TrySetResult(SipResponse.Local(_route.Build(SipMethods.Invite, default, null, []), 481, "Dialog Has Ended"));
            return;
        }

        if (IsOfferUnderWay)
        {
            OfferAfterGlare(offer, contentType, final, glares, null);
            return;
        }

        SendOwnInvite(_route.Build(SipMethods.Invite, offer, contentType, _session.IsRunning ? _session.Ask() : []), response =>
        {
            if (response.Status == 491)
            {
                OfferAfterGlare(offer, contentType, final, glares, response);
                return;
            }

            if (response.IsSuccess)
            {
                RememberDescription(offer);
            }

            OnOfferAnswered(response);
            final.TrySetResult(response);
        });
    }

    /// <summary>Who made the Call-ID waits longer, so that both do not collide again (section 14.1).</summary>
    private void OfferAfterGlare(ReadOnlyMemory<byte> offer, string contentType, TaskCompletionSource<SipResponse> final, int glares, SipResponse? refusal)
    {
        if (glares >= MostGlares)
        {
            final.TrySetResult(refusal ?? SipResponse.Local(_route.Build(SipMethods.Invite, default, null, []), 491, "Request Pending"));
            return;
        }

        var wait = _calledByUs ? RandomNumberGenerator.GetInt32(210, 401) : RandomNumberGenerator.GetInt32(0, 201);
        _stack.Wheel.Schedule(TimeSpan.FromMilliseconds(wait * 10), Executor, () => Offer(offer, contentType, final, glares + 1));
    }

    /// <summary>Sends a re-INVITE and acknowledges its 2xx; while it is under way offers of the peer get 491.</summary>
    private void SendOwnInvite(SipRequest invite, Action<SipResponse> finished)
    {
        _ownOffers++;
        Send(invite, new OwnReinvite(
            invite,
            (sent, success) =>
            {
                // The 2xx may move the peer (target refresh, section 12.2.1.2); its ACK goes to the new place already.
                _route.RemoteTarget = success.Contact?.Uri ?? _route.RemoteTarget;
                return _stack.Clients.SendAck(_route.BuildAck(sent, default, null), _route.NextHop(_flow), _flow);
            },
            response =>
            {
                _ownOffers--;
                finished(response);
            }));
    }

    private void OnOfferAnswered(SipResponse response)
    {
        if (_closing)
        {
            return;
        }

        if (response.IsSuccess)
        {
            _session.OnAccepted(response);
        }
        else if (response.Status is 408 or 481)
        {
            EndWithBye(SipDialogEndKind.PeerGone, []);
        }
    }

    private bool IsOfferUnderWay =>
        _unacknowledged.Count > 0 || HasOwnOfferPending || _pendingOffer is { IsAnswered: false } || _inviteTransaction is { IsAnswered: false };
}
