using Postbell.Core;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip;

/// <summary>A call we make.</summary>
public sealed record OutgoingCall
{
    /// <summary>Request-URI.</summary>
    public required SipUri RequestUri { get; init; }

    /// <summary>Address it is sent to.</summary>
    public required SipDestination Destination { get; init; }

    /// <summary>Who calls.</summary>
    public required NameAddress From { get; init; }

    /// <summary>Who is called; null is the Request-URI.</summary>
    public NameAddress? To { get; init; }

    /// <summary>Our offer; empty asks the peer for one, which is answered with <see cref="OutgoingInvite.Acknowledge"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Its type.</summary>
    public string ContentType { get; init; } = "application/sdp";

    /// <summary>Further headers, such as Diversion.</summary>
    public IReadOnlyList<SipHeader> Headers { get; init; } = [];
}

/// <summary>What happens to a call we make; all on its executor.</summary>
public interface IOutgoingInviteEvents : ISipDialogEvents
{
    /// <summary>A provisional response above 100.</summary>
    void OnProvisional(SipResponse response);

    /// <summary>The call was answered. The ACK leaves when this returns, if the INVITE held an offer; else with <see cref="OutgoingInvite.Acknowledge"/>.</summary>
    void OnAnswered(SipDialog dialog, SipResponse response);

    /// <summary>The call failed: a final response above 299, or a local 408, 487 or 503. No further event follows.</summary>
    void OnFailed(SipResponse response);
}

/// <summary>A call we make, from INVITE to its final response (RFC 3261 section 13.2). Of a fork the first answer wins; others get ACK and BYE.</summary>
public sealed class OutgoingInvite : IClientTransactionUser
{
    private readonly SipStack _stack;
    private readonly SipRequest _invite;
    private readonly SipDestination _to;
    private readonly IOutgoingInviteEvents _events;
    private readonly Dictionary<string, (SipFlow Flow, byte[] Bytes)> _acks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<SipResponse> _final = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, (DialogRoute Route, uint Number)> _early = new(StringComparer.Ordinal);
    private ClientTransaction? _transaction;
    private DialogRoute? _route;
    private bool _proceeding;
    private bool _cancelWanted;
    private bool _cancelSent;

    internal OutgoingInvite(SipStack stack, OutgoingCall call, IOutgoingInviteEvents events)
    {
        _stack = stack;
        _to = call.Destination;
        _events = events;
        Executor = stack.NewExecutor();
        _invite = SipRequest.Create(SipMethods.Invite, call.RequestUri, call.From, call.To, call.Body, call.Body.IsEmpty ? null : call.ContentType);
        foreach (var header in call.Headers)
        {
            _invite.Headers.Add(header.Name, header.Value);
        }
    }

    /// <summary>The actor of the call, also of its dialog.</summary>
    public SerialExecutor Executor { get; }

    /// <summary>The INVITE as it is sent.</summary>
    public SipRequest Request => _invite;

    /// <summary>The dialog, once answered.</summary>
    public SipDialog? Dialog { get; private set; }

    /// <summary>Ends with the final response, whatever it is; never faults.</summary>
    public Task<SipResponse> Final => _final.Task;

    /// <summary>Gives up the call: CANCEL, as soon as the peer has shown that it has the INVITE (RFC 3261 section 9.1). An answer that crosses it gets ACK and BYE.</summary>
    public void Cancel() => Executor.RunOrPost(() =>
    {
        _cancelWanted = true;
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

    void IClientTransactionUser.OnResponse(SipResponse response)
    {
        if (response.IsProvisional)
        {
            _proceeding = true;
            CancelWhenPossible();
            if (response.Status > 100 && IsNews(response) && !_cancelWanted)
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
            Fail(response);
        }
    }

    internal void Begin() => Executor.Post(() =>
    {
        _transaction = _stack.Clients.Send(_invite, _to, null, Executor, this);
        if (_transaction is null)
        {
            Fail(SipResponse.Local(_invite, 503, "Transport Error"));
        }
    });

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

        var route = DialogRoute.OfClient(_invite, response, _early.GetValueOrDefault(tag).Route);
        var dialog = new SipDialog(_stack, route, _transaction!.Flow, Executor);
        _stack.Dialogs.Add(dialog);
        if (Dialog is not null || _cancelWanted)
        {
            SendAck(route, default, null);
            dialog.Bye();
            Fail(SipResponse.Local(_invite, 487, "Request Terminated"));
            return;
        }

        Dialog = dialog;
        _route = route;
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
        if (known && number != early.Number + 1)
        {
            return false;
        }

        var route = known ? early.Route : DialogRoute.OfClient(_invite, response);
        _early[tag] = (route, number);
        var prack = route.Build(SipMethods.Prack, default, null, [new SipHeader("RAck", $"{number} {_invite.CSeq}")]);
        _stack.Clients.Send(prack, route.NextHop(_transaction!.Flow), _transaction.Flow, Executor, new PendingResponse());
        return true;
    }

    private void SendAck(DialogRoute route, ReadOnlyMemory<byte> body, string? contentType)
    {
        var ack = route.BuildAck(_invite.CSeq.Number, body, contentType);
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
        _stack.Clients.Cancel(invite, new PendingResponse());
        _stack.Wheel.Schedule(_stack.Options.Timers.Timeout, Executor, invite.Abandon);
    }

    private void Fail(SipResponse response)
    {
        if (_final.TrySetResult(response))
        {
            _events.OnFailed(response);
        }
    }
}
