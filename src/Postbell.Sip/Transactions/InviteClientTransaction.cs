using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>INVITE client transaction: RFC 3261 section 17.1.1 as changed by RFC 6026 section 7.2 (state Accepted, timer M).</summary>
internal sealed class InviteClientTransaction : ClientTransaction
{
    private static readonly TransitionTable<State, Input, InviteClientTransaction> Table = new(
        new(State.Calling, Input.TimerA, State.Calling, static t => t.RepeatLater()),
        new(State.Calling, Input.TimerB, State.Terminated, static t => t.GiveUp(408, "Request Timeout")),
        new(State.Calling, Input.TransportError, State.Terminated, static t => t.GiveUp(503, "Transport Error")),
        new(State.Calling, Input.Abandon, State.Terminated, static t => t.GiveUp(487, "Request Terminated")),
        new(State.Calling, Input.Provisional, State.Proceeding, static t => t.EnterProceeding()),
        new(State.Calling, Input.Success, State.Accepted, static t => t.EnterAccepted()),
        new(State.Calling, Input.Failure, State.Completed, static t => t.EnterCompleted()),

        new(State.Proceeding, Input.Provisional, State.Proceeding, static t => t.Pass()),
        new(State.Proceeding, Input.Success, State.Accepted, static t => t.EnterAccepted()),
        new(State.Proceeding, Input.Failure, State.Completed, static t => t.EnterCompleted()),
        new(State.Proceeding, Input.Abandon, State.Terminated, static t => t.GiveUp(487, "Request Terminated")),

        // Every 2xx goes up: repeated ones want their ACK again, others come from other branches of a fork.
        new(State.Accepted, Input.Success, State.Accepted, static t => t.Pass()),
        new(State.Accepted, Input.TimerM, State.Terminated, static t => t.Terminate()),

        new(State.Completed, Input.Failure, State.Completed, static t => t.SendAck()),
        new(State.Completed, Input.TransportError, State.Terminated, static t => t.Terminate()),
        new(State.Completed, Input.TimerD, State.Terminated, static t => t.Terminate()));

    private State _state = State.Calling;
    private SipResponse? _response;
    private TimeSpan _a;

    public InviteClientTransaction(SipStack stack, SipRequest request, SipFlow flow, SerialExecutor executor, IClientTransactionUser user)
        : base(stack, request, flow, executor, user)
    {
    }

    private enum State
    {
        Calling,
        Proceeding,
        Accepted,
        Completed,
        Terminated,
    }

    private enum Input
    {
        Provisional,
        Success,
        Failure,
        Abandon,
        TimerA,
        TimerB,
        TimerD,
        TimerM,
        TransportError,
    }

    public override void Begin()
    {
        Start(Timers.Timeout, () => Fire(Input.TimerB));
        if (!SentOver.IsReliable)
        {
            _a = Timers.T1;
            Start(_a, () => Fire(Input.TimerA));
        }

        SendRequest();
    }

    protected override void Take(SipResponse response)
    {
        _response = response;
        Fire(response.IsProvisional ? Input.Provisional : response.IsSuccess ? Input.Success : Input.Failure);
    }

    /// <summary>Ends the transaction when no final response followed a CANCEL for 64*T1 (RFC 3261 section 9.1).</summary>
    public void Abandon() => Fire(Input.Abandon);

    protected override void OnTransportError() => Fire(Input.TransportError);

    private void Fire(Input input) => Table.Fire(ref _state, input, this);

    private void RepeatLater()
    {
        RepeatRequest();
        _a *= 2;
        Start(_a, () => Fire(Input.TimerA));
    }

    private void EnterProceeding()
    {
        StopTimers();
        Pass();
    }

    private void EnterAccepted()
    {
        StopTimers();
        Start(Timers.Timeout, () => Fire(Input.TimerM));
        Pass();
    }

    private void EnterCompleted()
    {
        StopTimers();
        Start(SentOver.IsReliable ? TimeSpan.Zero : Timers.D, () => Fire(Input.TimerD));
        SendAck();
        Pass();
    }

    private void Pass() => User.OnResponse(_response!);

    /// <summary>The ACK to a failure belongs to the transaction: same Via, same Request-URI, To of the response (section 17.1.1.3).</summary>
    private void SendAck()
    {
        var headers = new SipHeaders();
        headers.Add("Via", Request.Vias[0].ToString());
        headers.Add("Max-Forwards", "70");
        foreach (var route in Request.Headers.GetAll("Route"))
        {
            headers.Add("Route", route);
        }

        headers.Add("From", Request.Headers["From"]!);
        headers.Add("To", _response!.Headers["To"]!);
        headers.Add("Call-ID", Request.CallId);
        headers.Add("CSeq", $"{Request.CSeq.Number} ACK");
        SentOver.Send(new SipRequest(SipMethods.Ack, Request.RequestUri, headers).ToBytes(), this);
    }
}
