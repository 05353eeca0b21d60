using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>INVITE server transaction: RFC 3261 section 17.2.1 as changed by RFC 6026 section 7.1 (state Accepted, timer L).</summary>
internal sealed class InviteServerTransaction : ServerTransaction
{
    private static readonly TransitionTable<State, Input, InviteServerTransaction> Table = new(
        new(State.Proceeding, Input.Invite, State.Proceeding, static t => t.Repeat()),
        new(State.Proceeding, Input.Provisional, State.Proceeding, static t => t.SendNew(t._response!)),
        new(State.Proceeding, Input.Success, State.Accepted, static t => t.EnterAccepted()),
        new(State.Proceeding, Input.Failure, State.Completed, static t => t.EnterCompleted()),
        new(State.Proceeding, Input.TransportError, State.Proceeding, static t => t.User.OnTransportError(t)),

        // A repeated INVITE is absorbed: the dialog repeats the 2xx until the ACK comes (RFC 6026 section 7.1).
        new(State.Accepted, Input.Success, State.Accepted, static t => t.SendNew(t._response!)),
        new(State.Accepted, Input.Ack, State.Accepted, static t => t.User.OnAck(t._ack!)),
        new(State.Accepted, Input.TransportError, State.Accepted, static t => t.User.OnTransportError(t)),
        new(State.Accepted, Input.Settled, State.Terminated, static t => t.Finish(repeats: false)),
        new(State.Accepted, Input.TimerL, State.Terminated, static t => t.Terminate()),

        new(State.Completed, Input.Invite, State.Completed, static t => t.Repeat()),
        new(State.Completed, Input.TimerG, State.Completed, static t => t.RepeatUntilAcknowledged()),
        new(State.Completed, Input.Ack, State.Confirmed, static t => t.EnterConfirmed()),
        new(State.Completed, Input.TimerH, State.Terminated, static t => t.Terminate()),
        new(State.Completed, Input.TransportError, State.Terminated, static t => t.Terminate()),

        // Further ACKs are absorbed.
        new(State.Confirmed, Input.TimerI, State.Terminated, static t => t.Terminate()));

    private State _state = State.Proceeding;
    private SipResponse? _response;
    private SipRequest? _ack;
    private TimeSpan _g;

    public InviteServerTransaction(SipStack stack, SipRequest request, SipFlow flow, SipDialog user)
        : base(stack, request, flow, user.Executor) => User = user;

    private enum State
    {
        Proceeding,
        Accepted,
        Completed,
        Confirmed,
        Terminated,
    }

    private enum Input
    {
        Invite,
        Ack,
        Provisional,
        Success,
        Failure,
        TimerG,
        TimerH,
        TimerI,
        TimerL,
        Settled,
        TransportError,
    }

    /// <summary>The dialog this INVITE made or belongs to.</summary>
    public SipDialog User { get; }

    public override bool IsAnswered => _state != State.Proceeding;

    /// <summary>Sends 100 at once (section 17.2.1), before anything else can answer; called by the thread that made the transaction.</summary>
    public void SendTrying() => SendNew(SipResponse.Answering(Request, 100, "Trying", null));

    public override void Respond(SipResponse response)
    {
        if (IsAnswered)
        {
            return;
        }

        _response = response;
        Fire(response.IsProvisional ? Input.Provisional : response.IsSuccess ? Input.Success : Input.Failure);
    }

    /// <summary>Sends the 2xx once more: the dialog's clock asks for it.</summary>
    public void RepeatSuccess()
    {
        if (_response is { IsSuccess: true })
        {
            Repeat();
        }
    }

    /// <summary>The ACK to the 2xx came: nothing is repeated any more, only absorbed for as long as timer L would have run.</summary>
    public void Settle() => Fire(Input.Settled);

    /// <summary>Sends the last provisional response once more: it waits for its PRACK.</summary>
    public void RepeatProvisional()
    {
        if (!IsAnswered)
        {
            Repeat();
        }
    }

    public void OnAck(SipRequest ack)
    {
        _ack = ack;
        Fire(Input.Ack);
    }

    public override void OnRetransmission() => Fire(Input.Invite);

    protected override void OnTransportError() => Fire(Input.TransportError);

    private void Fire(Input input) => Table.Fire(ref _state, input, this);

    private void EnterAccepted()
    {
        SendNew(_response!);
        Start(Stack.Options.Timers.Timeout, () => Fire(Input.TimerL));
    }

    private void EnterCompleted()
    {
        SendNew(_response!);
        Start(Stack.Options.Timers.Timeout, () => Fire(Input.TimerH));
        if (!Path.IsReliable)
        {
            _g = Stack.Options.Timers.T1;
            Start(_g, () => Fire(Input.TimerG));
        }
    }

    private void RepeatUntilAcknowledged()
    {
        Repeat();
        _g = _g * 2 < Stack.Options.Timers.T2 ? _g * 2 : Stack.Options.Timers.T2;
        Start(_g, () => Fire(Input.TimerG));
    }

    private void EnterConfirmed()
    {
        StopTimers();
        Start(Path.IsReliable ? TimeSpan.Zero : Stack.Options.Timers.T4, () => Fire(Input.TimerI));
    }
}
