using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>Non-INVITE client transaction (RFC 3261 section 17.1.2).</summary>
internal sealed class NonInviteClientTransaction : ClientTransaction
{
    private static readonly TransitionTable<State, Input, NonInviteClientTransaction> Table = new(
        new(State.Trying, Input.TimerE, State.Trying, static t => t.RepeatWith(t.Grown())),
        new(State.Trying, Input.TimerF, State.Terminated, static t => t.GiveUp(408, "Request Timeout")),
        new(State.Trying, Input.TransportError, State.Terminated, static t => t.GiveUp(503, "Transport Error")),
        new(State.Trying, Input.Provisional, State.Proceeding, static t => t.Pass()),
        new(State.Trying, Input.Final, State.Completed, static t => t.EnterCompleted()),

        new(State.Proceeding, Input.TimerE, State.Proceeding, static t => t.RepeatWith(t.Timers.T2)),
        new(State.Proceeding, Input.TimerF, State.Terminated, static t => t.GiveUp(408, "Request Timeout")),
        new(State.Proceeding, Input.TransportError, State.Terminated, static t => t.GiveUp(503, "Transport Error")),
        new(State.Proceeding, Input.Provisional, State.Proceeding, static t => t.Pass()),
        new(State.Proceeding, Input.Final, State.Completed, static t => t.EnterCompleted()),

        // Repeated final responses are absorbed until timer K.
        new(State.Completed, Input.TimerK, State.Terminated, static t => t.Terminate()));

    private State _state = State.Trying;
    private SipResponse? _response;
    private TimeSpan _e;

    public NonInviteClientTransaction(SipStack stack, SipRequest request, SipFlow flow, SerialExecutor executor, IClientTransactionUser user)
        : base(stack, request, flow, executor, user)
    {
    }

    private enum State
    {
        Trying,
        Proceeding,
        Completed,
        Terminated,
    }

    private enum Input
    {
        Provisional,
        Final,
        TimerE,
        TimerF,
        TimerK,
        TransportError,
    }

    public override void Begin()
    {
        Start(Timers.Timeout, () => Fire(Input.TimerF));
        if (!SentOver.IsReliable)
        {
            _e = Timers.T1;
            Start(_e, () => Fire(Input.TimerE));
        }

        SendRequest();
    }

    protected override void Take(SipResponse response)
    {
        _response = response;
        Fire(response.IsProvisional ? Input.Provisional : Input.Final);
    }

    protected override void OnTransportError() => Fire(Input.TransportError);

    private void Fire(Input input) => Table.Fire(ref _state, input, this);

    private TimeSpan Grown() => _e * 2 < Timers.T2 ? _e * 2 : Timers.T2;

    private void RepeatWith(TimeSpan next)
    {
        RepeatRequest();
        _e = next;
        Start(_e, () => Fire(Input.TimerE));
    }

    private void Pass() => User.OnResponse(_response!);

    private void EnterCompleted()
    {
        StopTimers();
        Start(SentOver.IsReliable ? TimeSpan.Zero : Timers.T4, () => Fire(Input.TimerK));
        Pass();
    }
}
