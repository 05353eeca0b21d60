using System.Globalization;
using Postbell.Core;
using Postbell.Sip.Authentication;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip;

/// <summary>
/// A call we make, from INVITE to its final response (RFC 3261 section 13.2). Of a fork the first answer wins; others get ACK and BYE. A redirected
/// call is tried again at the addresses named, where <see cref="OutgoingCall.RedirectTo"/> allows.
/// </summary>
public sealed class OutgoingInvite : IClientTransactionUser
{
    /// <summary>Most branches of a fork whose early dialogs are kept; what a hostile proxy makes beyond is not listened to before it answers.</summary>
    private const int MostBranches = 16;

    private readonly SipStack _stack;
    private readonly IOutgoingInviteEvents _events;
    private readonly OutgoingCall _call;
    private readonly RedirectTargets _targets;
    private readonly Dictionary<string, (SipFlow Flow, byte[] Bytes)> _acks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<SipResponse> _final = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, (SipDialog Dialog, uint Number)> _early = new(StringComparer.Ordinal);
    private SipRequest _invite;
    private SipDestination _to;
    private ClientTransaction? _transaction;
    private SipCredentials? _credentials;
    private DigestResponder? _digest;
    private int _alternative;
    private DialogRoute? _route;
    private WheelTimer? _ringTime;
    private SipHeader[] _cancelHeaders = [];
    private bool _proceeding;
    private bool _cancelWanted;
    private bool _cancelSent;

    internal OutgoingInvite(SipStack stack, OutgoingCall call, IOutgoingInviteEvents events)
    {
        _stack = stack;
        _call = call;
        _to = call.Destination;
        _events = events;
        Executor = stack.NewExecutor();
        _targets = new RedirectTargets(call.RequestUri, call.RedirectTo, call.MaxRedirects);
        _invite = SipRequest.Create(SipMethods.Invite, call.RequestUri, call.From, call.To, call.Body, call.Body.IsEmpty ? null : call.ContentType);
        if (call.RingTime is { } ring)
        {
            _invite.Headers.Add("Expires", ((long)Math.Ceiling(ring.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        }

        foreach (var header in call.Headers)
        {
            _invite.Headers.Add(header.Name, header.Value);
        }
    }

    /// <summary>The actor of the call, also of its dialog.</summary>
    public SerialExecutor Executor { get; }

    /// <summary>The INVITE as it was sent last.</summary>
    public SipRequest Request => _invite;

    /// <summary>The dialog, once answered.</summary>
    public SipDialog? Dialog { get; private set; }

    /// <summary>Ends with the final response, whatever it is; never faults.</summary>
    public Task<SipResponse> Final => _final.Task;

    /// <summary>Gives up the call: CANCEL, as soon as the peer has shown that it has the INVITE (RFC 3261 section 9.1). An answer that crosses it gets ACK and BYE.</summary>
    /// <param name="extra">Headers of the CANCEL, for instance Reason (RFC 3326).</param>
    public void Cancel(params SipHeader[] extra) => Executor.RunOrPost(() =>
    {
        if (!_cancelWanted)
        {
            _cancelWanted = true;
            _cancelHeaders = extra;
        }

        CancelWhenPossible();
    });

    /// <summary>Sends the ACK with the answer to the offer in the 2xx. Needed only when the INVITE held no offer.</summary>
    public void Acknowledge(ReadOnlyMemory<byte> body, string contentType) => Executor.RunOrPost(() =>
    {
        if (_route is not null && Dialog is { } dialog && !_acks.ContainsKey(dialog.RemoteTag))
        {
            dialog.RememberDescription(body);
            SendAck(_route, body, contentType);
        }
    });

    /// <summary>Tells the trace of the call its id, once there is one. Any thread.</summary>
    public void NameTrace(TraceId id) => Executor.Post(() => _stack.Options.Tap?.OnNamed(_invite.CallId, id));

    /// <summary>Adds one line to the trace of the call. Any thread.</summary>
    public void NoteInTrace(string note) => _stack.Options.Tap?.OnNote(_invite.CallId, note);

    /// <summary>Tells the trace that the call failed and why, in one word; the first reason counts. Any thread.</summary>
    public void ReportFailure(string reason) => _stack.Options.Tap?.OnFailed(_invite.CallId, reason);

    void IClientTransactionUser.OnResponse(SipResponse response)
    {
        if (response.CSeq.Number != _invite.CSeq.Number)
        {
            // Of an attempt before the last one, which is over.
            return;
        }

        if (response.IsProvisional)
        {
            _proceeding = true;
            CancelWhenPossible();
            if (response.Status > 100 && IsNews(response) && !_cancelWanted && !_final.Task.IsCompleted)
            {
                _events.OnProvisional(response);
            }
        }
        else if (response.IsSuccess)
        {
            OnSuccess(response);
        }
        else
        {
            OnFailure(response);
        }
    }

    internal void Begin() => Executor.Post(() =>
    {
        if (_call.RingTime is { } ring)
        {
            _ringTime = _stack.Wheel.Schedule(ring, Executor, () => Cancel(new SipReason("SIP", 408, "Not Answered In Time").ToHeader()));
        }

        Send();
    });

    /// <summary>
    /// Sends the call once more as a new request of the same call (RFC 3261 section 8.1.3.4): same Call-ID, From and To, the next CSeq.
    /// </summary>
    /// <param name="uri">Request-URI.</param>
    /// <param name="to">Where.</param>
    /// <param name="change">Changes the headers that differ from the request before.</param>
    internal void TryAgain(SipUri uri, SipDestination to, Action<SipHeaders>? change = null)
    {
        var headers = new SipHeaders();
        foreach (var header in _invite.Headers.Where(header => header.Name is not ("Via" or "CSeq" or "Contact" or "Allow" or "Supported" or "User-Agent" or "Authorization" or "Proxy-Authorization")))
        {
            headers.Add(header.Name, header.Value);
        }

        headers.Add("CSeq", string.Create(CultureInfo.InvariantCulture, $"{_invite.CSeq.Number + 1} INVITE"));
        change?.Invoke(headers);
        _invite = new SipRequest(SipMethods.Invite, uri, headers, _invite.Body);
        _to = to;
        _proceeding = false;
        EndEarly();
        _early.Clear();
        Send();
    }

    private void Send()
    {
        _transaction = _stack.Clients.Send(_invite, _to, null, Executor, this);
        if (_transaction is null)
        {
            OnFailure(SipResponse.Local(_invite, 503, "Transport Error"));
        }
    }

    private void OnFailure(SipResponse response)
    {
        if (Dialog is null && !_cancelWanted && response.Status < 600)
        {
            if (IsTriedElsewhere(response) || IsAuthenticated(response))
            {
                return;
            }

            _targets.Add(response);
            if (_targets.Next() is { } next)
            {
                // The other addresses are those of whom the call went to before.
                _alternative = _call.Alternatives.Count;
                _events.OnRedirected(next.Uri);
                TryAgain(next.Uri, next.To, headers => HistoryInfo.Redirected(headers, next.Uri, response));
                return;
            }
        }

        Fail(response);
    }

    /// <summary>The next address of the same peer when this one does not answer or says 503 (RFC 3263 section 4.3).</summary>
    private bool IsTriedElsewhere(SipResponse response)
    {
        if (response.Status != 503 && !response.IsLocal)
        {
            _stack.Options.Unreachable?.Remove(_to);
            return false;
        }

        _stack.Options.Unreachable?.Add(_to);
        if (_alternative >= _call.Alternatives.Count)
        {
            return false;
        }

        TryAgain(_invite.RequestUri, _call.Alternatives[_alternative++]);
        return true;
    }

    /// <summary>A challenge of a peer at which we have credentials (RFC 3261 section 22).</summary>
    private bool IsAuthenticated(SipResponse response)
    {
        if (response.Status is not (401 or 407) || _stack.Clients.CredentialsFor(_to, null) is not { } credentials)
        {
            return false;
        }

        if (!ReferenceEquals(_credentials, credentials))
        {
            (_credentials, _digest) = (credentials, new DigestResponder(credentials));
        }

        var refusal = _digest!.Take(response);
        _stack.Statistics.CountChallenge(refusal);
        if (refusal != DigestRefusal.None)
        {
            return false;
        }

        TryAgain(_invite.RequestUri, _to, headers => _digest.AddTo(headers, SipMethods.Invite, _invite.RequestUri));
        return true;
    }

    private void OnSuccess(SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (_acks.TryGetValue(tag, out var ack))
        {
            // The 2xx came again: our ACK was lost.
            _stack.Statistics.CountRetransmissionSent();
            ack.Flow.Send(ack.Bytes, null);
            return;
        }

        if (Dialog is not null && Dialog.RemoteTag == tag)
        {
            return;
        }

        if (Dialog is not null || _cancelWanted)
        {
            EndEarly();
        }

        var early = _early.GetValueOrDefault(tag).Dialog;
        var route = DialogRoute.OfClient(_invite, response, early?.Route);
        var dialog = early is { IsEnded: false } ? early : new SipDialog(_stack, route, _transaction!.Flow, Executor);
        dialog.Confirm(route);
        _stack.Dialogs.Add(dialog);
        EndEarly();
        if (Dialog is not null || _cancelWanted)
        {
            SendAck(route, default, null);
            dialog.Bye(Dialog is null ? _cancelHeaders : []);
            Fail(SipResponse.Local(_invite, 487, "Request Terminated"));
            return;
        }

        Dialog = dialog;
        _route = route;
        _ringTime?.Cancel();
        _stack.LookUps.Begin(route, _transaction!.Flow, Executor);
        dialog.Attach(_events);
        dialog.BeginSession(_invite.Body, response);
        _events.OnAnswered(dialog, response);
        _final.TrySetResult(response);
        if (!_invite.Body.IsEmpty)
        {
            SendAck(route, default, null);
        }
    }

    /// <summary>Acknowledges a reliable provisional response (RFC 3262 section 4). False for one that came again or out of order.</summary>
    private bool IsNews(SipResponse response)
    {
        if (ReliableProvisionals.NumberOf(response) is not { } number || response.To.Tag is not { } tag)
        {
            return true;
        }

        var known = _early.TryGetValue(tag, out var early);
        if ((known && number != early.Number + 1) || (!known && _early.Count >= MostBranches))
        {
            return false;
        }

        var dialog = known ? early.Dialog : BeginEarly(response);
        dialog.IsAgreedEarly |= !_invite.SessionDescription.IsEmpty && !response.SessionDescription.IsEmpty;
        var route = dialog.Route;
        _early[tag] = (dialog, number);
        var prack = route.Build(SipMethods.Prack, default, null, [new SipHeader("RAck", $"{number} {_invite.CSeq}")]);
        _stack.Clients.Deliver(prack, [route.NextHop(_transaction!.Flow)], _transaction.Flow, Executor, new PendingResponse(), route.NextNumber);
        return true;
    }

    private SipDialog BeginEarly(SipResponse response)
    {
        var dialog = new SipDialog(_stack, DialogRoute.OfClient(_invite, response), _transaction!.Flow, Executor);
        dialog.BeginEarly(_events);
        _stack.Dialogs.Add(dialog);
        return dialog;
    }

    /// <summary>Early dialogs that were not answered are over; their numbers are kept for an answer that crosses.</summary>
    private void EndEarly()
    {
        foreach (var (dialog, _) in _early.Values)
        {
            dialog.EndEarly();
        }
    }

    private void SendAck(DialogRoute route, ReadOnlyMemory<byte> body, string? contentType)
    {
        var ack = route.BuildAck(_invite, body, contentType);
        if (_stack.Clients.SendAck(ack, route.NextHop(_transaction!.Flow), _transaction.Flow) is { } sent)
        {
            _acks[route.Key.RemoteTag] = sent;
        }
    }

    private void CancelWhenPossible()
    {
        if (!_cancelWanted || !_proceeding || _cancelSent || _final.Task.IsCompleted || _transaction is not InviteClientTransaction invite)
        {
            return;
        }

        _cancelSent = true;
        _stack.Clients.Cancel(invite, _cancelHeaders, new PendingResponse());
        _stack.Wheel.Schedule(_stack.Options.Timers.Timeout, Executor, invite.Abandon);
    }

    private void Fail(SipResponse response)
    {
        _ringTime?.Cancel();
        EndEarly();
        if (_final.TrySetResult(response))
        {
            _events.OnFailed(response);
        }
    }
}
