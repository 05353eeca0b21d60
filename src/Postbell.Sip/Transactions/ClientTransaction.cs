using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>Gets the responses of a client transaction, on its executor. Timeouts and transport errors come as local 408 and 503.</summary>
internal interface IClientTransactionUser
{
    /// <summary>A response; for INVITE also every repeated 2xx.</summary>
    void OnResponse(SipResponse response);

    /// <summary>The request is sent once more, elsewhere or with credentials, as this one.</summary>
    void OnRenewed(SipRequest request)
    {
    }
}

/// <summary>What both client transactions share. Everything but construction runs on <see cref="Executor"/>.</summary>
internal abstract class ClientTransaction : ISendObserver
{
    private readonly List<WheelTimer> _timers = [];
    private byte[] _bytes;
    private SipFlow? _stream;
    private bool _answered;

    protected ClientTransaction(SipStack stack, SipRequest request, SipFlow flow, SerialExecutor executor, IClientTransactionUser user)
    {
        Stack = stack;
        Request = request;
        Flow = flow;
        Executor = executor;
        User = user;
        Key = new ClientKey(request.Vias[0].Branch!, request.Method);
        _bytes = request.ToBytes();
        _stream = stack.Clients.Large.Reroute(request, flow, _bytes.Length);
        if (_stream is not null)
        {
            _bytes = request.ToBytes();
        }
    }

    public SipStack Stack { get; }

    public SipRequest Request { get; }

    /// <summary>The way to the peer; what follows in a dialog takes it too.</summary>
    public SipFlow Flow { get; }

    /// <summary>The way this request took: the same, or the connection it needed for its size.</summary>
    public SipFlow SentOver => _stream ?? Flow;

    public SerialExecutor Executor { get; }

    public ClientKey Key { get; }

    protected IClientTransactionUser User { get; }

    protected SipTimers Timers => Stack.Options.Timers;

    /// <summary>Sends the request for the first time. The transaction is in the table already.</summary>
    public abstract void Begin();

    /// <summary>A response came.</summary>
    public void OnResponse(SipResponse response)
    {
        _answered = true;
        Take(response);
    }

    /// <inheritdoc />
    public void OnSendFailed() => Executor.Post(() =>
    {
        if (_stream is null || _answered)
        {
            OnTransportError();
            return;
        }

        // TCP was taken for the size alone: a large datagram may still arrive (RFC 3261 section 18.1.1).
        _stream = null;
        Stack.Clients.Large.Return(Request, Flow);
        _bytes = Request.ToBytes();
        StopTimers();
        Begin();
    });

    protected abstract void Take(SipResponse response);

    protected abstract void OnTransportError();

    protected void SendRequest() => SentOver.Send(_bytes, this);

    protected void RepeatRequest()
    {
        Stack.Statistics.CountRetransmissionSent();
        SendRequest();
    }

    protected WheelTimer Start(TimeSpan due, Action onFire)
    {
        var timer = Stack.Wheel.Schedule(due, Executor, onFire);
        _timers.Add(timer);
        return timer;
    }

    protected void StopTimers()
    {
        foreach (var timer in _timers)
        {
            timer.Cancel();
        }

        _timers.Clear();
    }

    protected void GiveUp(int status, string reason)
    {
        Terminate();
        User.OnResponse(SipResponse.Local(Request, status, reason));
    }

    protected void Terminate()
    {
        StopTimers();
        Stack.Transactions.Remove(this);
    }
}
