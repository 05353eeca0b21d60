using System.Net;
using Postbell.Core;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip;

/// <summary>
/// One dialog (RFC 3261 section 12) with its INVITE usage. Everything that happens in it runs on <see cref="Executor"/>, in order: requests of
/// the peer, timers, and what the application does.
/// </summary>
/// <remarks>
/// Invariants: the dialog is in the table from its first response until BYE is done; <see cref="ISipDialogEvents.OnEnded"/> is called once and
/// nothing is called after it; BYE is never sent before the ACK to our first 2xx came or was given up (section 15).
/// </remarks>
public sealed partial class SipDialog
{
    private readonly SipStack _stack;
    private DialogRoute _route;
    private readonly SipFlow _flow;
    private readonly List<SuccessDelivery> _unacknowledged = [];
    private ISipDialogEvents? _events;
    private SipHeader[]? _deferredBye;
    private uint? _remoteNumber;
    private bool _ended;
    private bool _closing;
    private int _ownOffers;

    internal SipDialog(SipStack stack, DialogRoute route, SipFlow flow, SerialExecutor executor)
    {
        _stack = stack;
        _route = route;
        _flow = flow;
        Executor = executor;
        _session = new SessionTimer(this, stack);
    }

    /// <summary>Call-ID.</summary>
    public string CallId => _route.Key.CallId;

    /// <summary>Our tag.</summary>
    public string LocalTag => _route.Key.LocalTag;

    /// <summary>The peer's tag; empty for old peers that send none.</summary>
    public string RemoteTag => _route.Key.RemoteTag;

    /// <summary>The actor that everything of this dialog runs on.</summary>
    public SerialExecutor Executor { get; }

    /// <summary>Where our requests are addressed: the peer's last Contact.</summary>
    public SipUri RemoteTarget => _route.RemoteTarget;

    /// <summary>The proxy nearest to the peer, which wanted to see all requests of the dialog (Record-Route); null when there is none.</summary>
    public SipUri? ProxyOfPeer => _route.Last;

    /// <summary>Our address on the way to the peer.</summary>
    public IPEndPoint LocalEndPoint => _flow.Local;

    /// <summary>The address the peer was seen at.</summary>
    public IPEndPoint RemoteEndPoint => _flow.Remote;

    /// <summary>True once the dialog has ended for the application.</summary>
    public bool IsEnded => Volatile.Read(ref _ended);

    internal DialogKey Key => _route.Key;

    /// <summary>
    /// Sends a request in the dialog and waits for the final response; a local 408 or 503 stands for a peer that did not answer. A 408 or 481
    /// ends the dialog (RFC 3261 section 12.2.1.2); after its end a local 481 comes at once. Not for INVITE, ACK, CANCEL, BYE and REFER.
    /// </summary>
    /// <param name="method">For instance INFO or NOTIFY.</param>
    /// <param name="body">The body, may be empty.</param>
    /// <param name="contentType">Its type.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="cancellation">Ends the wait, not the request.</param>
    public Task<SipResponse> SendAsync(
        string method,
        ReadOnlyMemory<byte> body = default,
        string? contentType = null,
        IReadOnlyList<SipHeader>? headers = null,
        CancellationToken cancellation = default)
    {
        if (method is SipMethods.Invite or SipMethods.Ack or SipMethods.Cancel or SipMethods.Bye or SipMethods.Refer)
        {
            throw new ArgumentException($"{method} has its own way.", nameof(method));
        }

        var pending = new PendingResponse(response => OnOwnResponse(method, !body.IsEmpty, response));
        Executor.RunOrPost(() =>
        {
            _ownOffers += method == SipMethods.Update && !body.IsEmpty ? 1 : 0;
            var request = _route.Build(method, body, contentType, headers ?? []);
            if (_closing)
            {
                pending.OnResponse(SipResponse.Local(request, 481, "Dialog Has Ended"));
                return;
            }

            Send(request, pending);
        });
        return pending.Response.WaitAsync(cancellation);
    }

    /// <summary>
    /// Ends the dialog. Before an answer it refuses the call (480); between our 2xx and its ACK the BYE waits for the ACK. The events hear
    /// <see cref="SipDialogEndKind.LocalBye"/> at once.
    /// </summary>
    public void Bye(params SipHeader[] extra) => Executor.RunOrPost(() => EndWithBye(SipDialogEndKind.LocalBye, extra));

    /// <summary>A dialog of a call we made: confirmed from its start.</summary>
    internal void Attach(ISipDialogEvents events)
    {
        _events = events;
        _calledByUs = true;
    }

    internal void OnNeverAcknowledged(SuccessDelivery delivery)
    {
        _unacknowledged.Remove(delivery);
        if (_closing)
        {
            SendDeferredBye();
            return;
        }

        EndWithBye(SipDialogEndKind.NoAck, []);
    }

    internal void OnTransportError(InviteServerTransaction transaction)
    {
        // A datagram that did not leave will be repeated; a connection that could not be made again will not come back.
        if (!transaction.Flow.IsReliable || _closing)
        {
            return;
        }

        StopDeliveries();
        _session.Stop();
        _stack.Dialogs.Remove(this);
        _closing = true;
        if (!transaction.IsAnswered)
        {
            // Nobody will hear it, but the transaction ends by it.
            Respond(transaction, 487, null, []);
            _invite?.MarkCancelled();
        }

        End(new SipDialogEnd(SipDialogEndKind.TransportFailed));
    }

    private void EndWithBye(SipDialogEndKind kind, SipHeader[] extra)
    {
        if (_closing)
        {
            return;
        }

        _closing = true;
        _session.Stop();
        if (_inviteTransaction is { IsAnswered: false } unanswered)
        {
            Respond(unanswered, 480, null, []);
            _stack.Dialogs.Remove(this);
        }
        else
        {
            _deferredBye = extra;
            if (_unacknowledged.Count == 0)
            {
                SendDeferredBye();
            }
        }

        RefusePendingOffer();
        End(new SipDialogEnd(kind));
    }

    private void SendDeferredBye()
    {
        if (_deferredBye is null)
        {
            return;
        }

        var extra = _deferredBye;
        _deferredBye = null;
        StopDeliveries();
        Send(_route.Build(SipMethods.Bye, default, null, extra), new PendingResponse(response =>
        {
            if (!response.IsProvisional)
            {
                _stack.Dialogs.Remove(this);
            }
        }));
    }

    private void Send(SipRequest request, IClientTransactionUser user)
    {
        if (!_stack.Clients.Deliver(request, _route.NextHops(_flow), _flow, Executor, user, _route.NextNumber))
        {
            Executor.Post(() => user.OnResponse(SipResponse.Local(request, 503, "Transport Error")));
        }
    }

    private void OnOwnResponse(string method, bool hadBody, SipResponse response)
    {
        if (response.IsProvisional)
        {
            return;
        }

        _ownOffers -= method == SipMethods.Update && hadBody ? 1 : 0;
        if (response.Status is not (408 or 481) || _closing)
        {
            return;
        }

        EndWithBye(SipDialogEndKind.PeerGone, []);
    }

    private void End(SipDialogEnd end)
    {
        if (_ended)
        {
            return;
        }

        Volatile.Write(ref _ended, true);
        FinishReferrals();
        _events?.OnEnded(end);
    }

    private void StopDeliveries()
    {
        foreach (var delivery in _unacknowledged)
        {
            delivery.Stop();
        }

        _unacknowledged.Clear();
    }

    private void Respond(ServerTransaction transaction, int status, string? reason, SipHeader[] extra) =>
        transaction.Respond(_stack.Responses.Build(transaction, status, reason, LocalTag, default, null, extra));
}
