using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;

namespace Postbell.Sip;

/// <content>Keeping the session alive (RFC 4028): refreshes of ours by UPDATE or re-INVITE, and the end when nobody refreshes.</content>
public sealed partial class SipDialog
{
    private readonly SessionTimer _session;
    private ReadOnlyMemory<byte> _localDescription;
    private bool _updateWorks;
    private bool _refreshing;

    /// <summary>A call of ours was answered: the 2xx may have started a session timer.</summary>
    internal void BeginSession(ReadOnlyMemory<byte> localDescription, SipResponse answer)
    {
        _localDescription = localDescription;
        LearnMethods(answer);
        _session.OnAccepted(answer);
    }

    /// <summary>The description we sent last; a refresh by re-INVITE repeats it, which changes nothing (section 7.4).</summary>
    internal void RememberDescription(ReadOnlyMemory<byte> description) => _localDescription = description.IsEmpty ? _localDescription : description;

    /// <summary>Half of the interval has passed and refreshing is ours.</summary>
    internal void RefreshSession()
    {
        if (_closing || _refreshing)
        {
            return;
        }

        if (IsOfferUnderWay || (!_updateWorks && _localDescription.IsEmpty))
        {
            _session.RefreshSoon();
            return;
        }

        _refreshing = true;
        if (_updateWorks)
        {
            Send(_route.Build(SipMethods.Update, default, null, _session.Ask()), new Transactions.PendingResponse(OnRefreshAnswered));
        }
        else
        {
            SendReinvite();
        }
    }

    internal void OnSessionExpired() =>
        EndWithBye(SipDialogEndKind.SessionExpired, [new SipHeader("Reason", "SIP;cause=408;text=\"Session Expired\"")]);

    private void SendReinvite() => SendOwnInvite(_route.Build(SipMethods.Invite, _localDescription, "application/sdp", _session.Ask()), response =>
    {
        OnRefreshAnswered(response);
        if (response.IsSuccess && !_ended)
        {
            _events?.OnRefreshed(response);
        }
    });

    private void OnRefreshAnswered(SipResponse response)
    {
        if (response.IsProvisional)
        {
            return;
        }

        _refreshing = false;
        if (_closing)
        {
            return;
        }

        if (response.IsSuccess)
        {
            _route.RemoteTarget = response.Contact?.Uri ?? _route.RemoteTarget;
            _session.OnAccepted(response);
        }
        else if (response.Status is 408 or 481)
        {
            EndWithBye(SipDialogEndKind.PeerGone, []);
        }
        else
        {
            // A peer may announce UPDATE and still not take it.
            _updateWorks &= response.Status is not (405 or 500 or 501);
            _session.OnRefused(response);
        }
    }

    private IReadOnlyList<SipHeader> AnswerSession(SipRequest request)
    {
        LearnMethods(request);
        return _session.Answer(request);
    }

    private void LearnMethods(SipMessage message)
    {
        if (message.Headers.Contains("Allow"))
        {
            _updateWorks = message.Headers.GetValues("Allow").Contains(SipMethods.Update, StringComparer.Ordinal);
        }
    }
}
