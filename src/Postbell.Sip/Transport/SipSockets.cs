using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>The sockets of one endpoint.</summary>
internal sealed class SipSockets : ISipSockets
{
    private readonly List<UdpSocket> _udp = [];
    private readonly List<(SipTransport Transport, Socket Socket)> _listeners = [];
    private readonly LocalAddresses _addresses = new();
    private TcpPeers? _tcp;

    public IReadOnlyList<SipListen> Bound { get; private set; } = [];

    public int Connections => _tcp?.Count ?? 0;

    public void Start(SipEndpointOptions options, SipStack stack, ILogger log)
    {
        if (options.Tls is null && options.Listen.Any(listen => listen.Transport.IsEncrypted()))
        {
            throw new ArgumentException("TLS needs a certificate: SipEndpointOptions.Tls.", nameof(options));
        }

        var tls = options.Tls is null ? null : new TlsHandshakes(options.Tls, stack, log);
        var tcp = new TcpPeers(stack, new ConnectionDoors(tls, new WebSocketUpgrades(options.WebSocket, stack, log)), log);
        _tcp = tcp;
        try
        {
            Bound = [.. options.Listen.Select(listen => Bind(listen, stack, log))];
        }
        catch
        {
            Dispose();
            throw;
        }

        foreach (var socket in _udp)
        {
            socket.Start();
        }

        foreach (var (transport, listener) in _listeners)
        {
            tcp.Accept(listener, transport);
        }
    }

    public SipFlow? Open(SipDestination to)
    {
        if (to.Transport == SipTransport.Udp)
        {
            return _udp.Find(socket => socket.Bound.AddressFamily == to.EndPoint.AddressFamily)?.FlowTo(to.EndPoint);
        }

        var bound = Bound.FirstOrDefault(listen => listen.Transport == to.Transport && listen.EndPoint.AddressFamily == to.EndPoint.AddressFamily);
        return bound.EndPoint is null ? null : _tcp?.Open(to, _addresses.Toward(to.EndPoint, bound.EndPoint));
    }

    public IPEndPoint ListeningEndPoint(SipFlow flow)
    {
        foreach (var listen in Bound)
        {
            if (listen.Transport == flow.Transport && listen.EndPoint.AddressFamily == flow.Local.AddressFamily
                && (flow.IsReliable || listen.EndPoint.Port == flow.Local.Port))
            {
                return new IPEndPoint(flow.Local.Address, listen.EndPoint.Port);
            }
        }

        return flow.Local;
    }

    public void Dispose()
    {
        _tcp?.CloseAll();
        _listeners.ForEach(listener => listener.Socket.Dispose());
        _udp.ForEach(socket => socket.Dispose());
    }

    private SipListen Bind(SipListen listen, SipStack stack, ILogger log)
    {
        if (listen.Transport == SipTransport.Udp)
        {
            var socket = new UdpSocket(listen.EndPoint, stack, log);
            _udp.Add(socket);
            return new SipListen(SipTransport.Udp, socket.Bound);
        }

        var listener = new Socket(listen.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listeners.Add((listen.Transport, listener));
        if (listen.EndPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            listener.DualMode = false;
        }

        listener.Bind(listen.EndPoint);
        listener.Listen(512);
        return new SipListen(listen.Transport, (IPEndPoint)listener.LocalEndPoint!);
    }
}
