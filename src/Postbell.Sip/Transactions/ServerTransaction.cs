using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>What both server transactions share. Everything but construction runs on <see cref="Executor"/>.</summary>
internal abstract class ServerTransaction(SipStack stack, SipRequest request, SipFlow flow, SerialExecutor executor) : ISendObserver
{
    private readonly List<WheelTimer> _timers = [];
    private byte[]? _last;

    public SipStack Stack { get; } = stack;

    public SipRequest Request { get; } = request;

    public SipFlow Flow { get; } = flow;

    public TransactionKey Key { get; } = TransactionKey.Of(request);

    public SerialExecutor Executor { get; } = executor;

    /// <summary>True once a final response was sent.</summary>
    public abstract bool IsAnswered { get; }

    protected ResponsePath Path { get; } = new(stack.Network, flow, request.Vias[0]);

    /// <summary>Sends a response of the user; after a final one further responses are dropped.</summary>
    public abstract void Respond(SipResponse response);

    /// <summary>The same request came again.</summary>
    public abstract void OnRetransmission();

    /// <inheritdoc />
    public void OnSendFailed() => Executor.Post(OnTransportError);

    protected abstract void OnTransportError();

    protected void SendNew(SipResponse response)
    {
        Stack.Statistics.CountSent(response.Status);
        _last = response.ToBytes();
        Path.Send(_last, this);
    }

    protected void Repeat()
    {
        if (_last is not null)
        {
            Stack.Statistics.CountRetransmissionSent();
            Path.Send(_last, this);
        }
    }

    protected void Start(TimeSpan due, Action onFire) => _timers.Add(Stack.Wheel.Schedule(due, Executor, onFire));

    protected void StopTimers()
    {
        foreach (var timer in _timers)
        {
            timer.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>Nothing is left to do but to absorb repetitions; the rest of what the transaction holds is let go.</summary>
    /// <param name="repeats">True when a repetition gets the last response again, false when it is dropped.</param>
    protected void Finish(bool repeats)
    {
        Stack.Transactions.Finish(this, repeats ? _last : default, Path);
        Terminate();
    }

    protected void Terminate()
    {
        StopTimers();
        Stack.Transactions.Remove(this);
    }
}
