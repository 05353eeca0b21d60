using System.Net;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Tracing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>One endpoint's place in an <see cref="InMemorySipNetwork"/>.</summary>
internal sealed class InMemorySipSockets(InMemorySipNetwork network) : ISipSockets, ISipChannel
{
    private SipStack? _stack;

    public IReadOnlyList<SipListen> Bound { get; private set; } = [];

    public int Connections => 0;

    public bool IsOpen => true;

    public ISipTap? Tap => _stack?.Options.Tap;

    private IPEndPoint Local => Bound[0].EndPoint;

    public void Start(SipEndpointOptions options, SipStack stack, ILogger log)
    {
        _stack = stack;
        Bound = [new SipListen(SipTransport.Udp, network.Register(this, options.Listen[0].EndPoint.Address))];
    }

    public SipFlow? Open(SipDestination to) => to.Transport == SipTransport.Udp ? FlowTo(to.EndPoint) : null;

    public IPEndPoint ListeningEndPoint(SipFlow flow) => Local;

    public void Send(ReadOnlyMemory<byte> message, IPEndPoint remote, ISendObserver? observer) => network.Deliver(Local, remote, message.ToArray());

    public void Receive(IPEndPoint from, ReadOnlyMemory<byte> datagram) => _stack!.Receive(datagram.Span, FlowTo(from));

    public void Dispose()
    {
        if (Bound.Count > 0)
        {
            network.Unregister(Local);
        }
    }

    private SipFlow FlowTo(IPEndPoint remote) => new(SipTransport.Udp, Local, remote, this);
}
