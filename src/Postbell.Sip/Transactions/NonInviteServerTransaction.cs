using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>Non-INVITE server transaction (RFC 3261 section 17.2.2).</summary>
internal sealed class NonInviteServerTransaction : ServerTransaction
{
    private static readonly TransitionTable<State, Input, NonInviteServerTransaction> Table = new(
        new(State.Trying, Input.Provisional, State.Proceeding, static t => t.SendNew(t._response!)),
        new(State.Trying, Input.Final, State.Completed, static t => t.EnterCompleted()),
        new(State.Trying, Input.TimerOverdue, State.Terminated, static t => t.Terminate()),

        new(State.Proceeding, Input.Request, State.Proceeding, static t => t.Repeat()),
        new(State.Proceeding, Input.Provisional, State.Proceeding, static t => t.SendNew(t._response!)),
        new(State.Proceeding, Input.Final, State.Completed, static t => t.EnterCompleted()),
        new(State.Proceeding, Input.TransportError, State.Terminated, static t => t.Terminate()),
        new(State.Proceeding, Input.TimerOverdue, State.Terminated, static t => t.Terminate()),

        new(State.Completed, Input.Request, State.Completed, static t => t.Repeat()),
        new(State.Completed, Input.TransportError, State.Terminated, static t => t.Terminate()),
        new(State.Completed, Input.TimerJ, State.Terminated, static t => t.Terminate()));

    private State _state = State.Trying;
    private SipResponse? _response;

    public NonInviteServerTransaction(SipStack stack, SipRequest request, SipFlow flow, SerialExecutor executor)
        : base(stack, request, flow, executor) =>
        // After 64*T1 the client has given up, so an answer that never comes must not keep the transaction (section 17.1.2.2, timer F).
        Start(stack.Options.Timers.Timeout, () => Fire(Input.TimerOverdue));

    private enum State
    {
        Trying,
        Proceeding,
        Completed,
        Terminated,
    }

    private enum Input
    {
        Request,
        Provisional,
        Final,
        TimerJ,
        TimerOverdue,
        TransportError,
    }

    public override bool IsAnswered => _state is State.Completed or State.Terminated;

    public override void Respond(SipResponse response)
    {
        if (IsAnswered)
        {
            return;
        }

        _response = response;
        Fire(response.IsProvisional ? Input.Provisional : Input.Final);
    }

    public override void OnRetransmission() => Fire(Input.Request);

    protected override void OnTransportError() => Fire(Input.TransportError);

    private void Fire(Input input) => Table.Fire(ref _state, input, this);

    private void EnterCompleted()
    {
        StopTimers();
        SendNew(_response!);
        if (Path.IsReliable)
        {
            Start(TimeSpan.Zero, () => Fire(Input.TimerJ));
        }
        else
        {
            // Timer J runs there.
            Finish(repeats: true);
        }
    }
}
