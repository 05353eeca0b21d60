using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Tracing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>
/// One UDP socket with its receive thread: blocking receive into one buffer, then the whole way to the transaction's executor on that thread.
/// A flow object per peer is remembered, so that a message from a known peer makes no garbage before it is parsed.
/// </summary>
internal sealed partial class UdpSocket : ISipChannel, IDisposable
{
    private const int BufferBytes = 4 << 20;
    private const int RememberedPeers = 4096;
    private const int LargestDatagram = 65_535;

    private readonly Socket _socket;
    private readonly SipStack _stack;
    private readonly ILogger _log;
    private readonly Dictionary<SocketAddress, SipFlow> _flows = [];
    private readonly LocalAddresses _addresses = new();
    private readonly Thread _thread;
    private volatile bool _closed;

    public UdpSocket(IPEndPoint listen, SipStack stack, ILogger log)
    {
        _stack = stack;
        _log = log;
        _socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = BufferBytes,
            SendBufferSize = BufferBytes,
        };
        if (listen.AddressFamily == AddressFamily.InterNetworkV6)
        {
            _socket.DualMode = false;
        }

        _socket.Bind(listen);
        Bound = (IPEndPoint)_socket.LocalEndPoint!;
        _thread = new Thread(ReceiveAll) { IsBackground = true, Name = $"sip-udp-{Bound.Port}" };
    }

    public IPEndPoint Bound { get; }

    public bool IsOpen => true;

    public ISipTap? Tap => _stack.Options.Tap;

    public void Start() => _thread.Start();

    public SipFlow FlowTo(IPEndPoint remote) => new(SipTransport.Udp, _addresses.Toward(remote, Bound), remote, this);

    public void Send(ReadOnlyMemory<byte> message, IPEndPoint remote, ISendObserver? observer)
    {
        try
        {
            _socket.SendTo(message.Span, SocketFlags.None, remote);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            LogSendFailed(remote, failure.Message);
            observer?.OnSendFailed();
        }
    }

    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
        _thread.Join(TimeSpan.FromSeconds(2));
    }

    private void ReceiveAll()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var source = new SocketAddress(_socket.AddressFamily);
        while (!_closed)
        {
            int length;
            try
            {
                length = _socket.ReceiveFrom(buffer, SocketFlags.None, source);
            }
            catch (SocketException failure)
            {
                // An ICMP error of an earlier send, or the socket was closed.
                if (!_closed)
                {
                    LogReceiveFailed(Bound, failure.Message);
                }

                continue;
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            Receive(buffer.AsSpan(0, length), source);
        }
    }

    private void Receive(ReadOnlySpan<byte> datagram, SocketAddress source)
    {
        try
        {
            if (datagram.StartsWith("INVITE "u8))
            {
                _stack.Waiting.Arrive(DatagramAge.OfLast(_socket));
            }

            _stack.Receive(datagram, FlowFrom(source));
        }
        catch (Exception fault)
        {
            // One message must never take the receive thread with it.
            LogFault(fault);
        }
    }

    private SipFlow FlowFrom(SocketAddress source)
    {
        if (_flows.TryGetValue(source, out var known))
        {
            return known;
        }

        if (_flows.Count >= RememberedPeers)
        {
            _flows.Clear();
        }

        var remote = (IPEndPoint)Bound.Create(source);
        var key = new SocketAddress(source.Family, source.Size);
        source.Buffer[..source.Size].CopyTo(key.Buffer);
        var flow = FlowTo(remote);
        _flows[key] = flow;
        return flow;
    }

    [LoggerMessage(10, LogLevel.Debug, "A datagram to {Remote} did not leave: {Reason}")]
    private partial void LogSendFailed(IPEndPoint remote, string reason);

    [LoggerMessage(11, LogLevel.Debug, "Receiving on {Local} failed: {Reason}")]
    private partial void LogReceiveFailed(IPEndPoint local, string reason);

    [LoggerMessage(12, LogLevel.Error, "Receiving a SIP message failed")]
    private partial void LogFault(Exception fault);
}
