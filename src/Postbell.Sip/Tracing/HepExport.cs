using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postbell.Sip.Tracing;

/// <summary>
/// Sends the messages of calls to a collector like Homer as they pass (HEP version 3 over UDP). It never waits: what the system does not take at once is
/// dropped and counted.
/// </summary>
public sealed class HepExport : ITraceExport, IDisposable
{
    [ThreadStatic]
    private static byte[]? t_packet;

    private readonly HepOptions _options;
    private readonly byte[] _password;
    private readonly IDatagramSink _sink;
    private long _sent;
    private long _dropped;

    /// <summary>Opens a socket; the collector need not be there.</summary>
    public HepExport(HepOptions options, TimeProvider time)
        : this(options, new CollectorSocket(options.Collector, time))
    {
    }

    internal HepExport(HepOptions options, IDatagramSink sink)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Password?.Length ?? 0, 128, nameof(options));
        _options = options;
        _password = Encoding.UTF8.GetBytes(options.Password ?? "");
        _sink = sink;
    }

    /// <summary>Takes a packet at once or not at all.</summary>
    internal interface IDatagramSink : IDisposable
    {
        bool TrySend(ReadOnlySpan<byte> packet);
    }

    /// <summary>Packets sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Packets that the system did not take.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <inheritdoc />
    public void Export(DateTimeOffset at, SipDirection direction, SipTransport transport, IPEndPoint local, IPEndPoint remote, ReadOnlySpan<char> callId, ReadOnlySpan<byte> message)
    {
        var buffer = t_packet ??= new byte[TraceBuffers.Largest + HepPacket.MostOverhead];
        var (from, to) = direction == SipDirection.Received ? (remote, local) : (local, remote);
        var length = HepPacket.Write(buffer, at, transport, from, to, _options.CaptureId, _password, callId, message);
        if (_sink.TrySend(buffer.AsSpan(0, length)))
        {
            Interlocked.Increment(ref _sent);
        }
        else
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _sink.Dispose();

    private sealed class CollectorSocket : IDatagramSink
    {
        private static readonly TimeSpan s_retryTime = TimeSpan.FromSeconds(10);
        private readonly Socket _socket;
        private readonly IPEndPoint _collector;
        private readonly TimeProvider _time;
        private long _triedAt;
        private volatile bool _connected;

        public CollectorSocket(IPEndPoint collector, TimeProvider time)
        {
            _collector = collector;
            _time = time;
            _socket = new Socket(collector.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            Connect();
        }

        public bool TrySend(ReadOnlySpan<byte> packet)
        {
            var tried = Volatile.Read(ref _triedAt);
            if (!_connected && _time.GetElapsedTime(tried) >= s_retryTime && Interlocked.CompareExchange(ref _triedAt, _time.GetTimestamp(), tried) == tried)
            {
                Connect();
            }

            if (!_connected)
            {
                return false;
            }

            try
            {
                // A connected socket tells its error instead of throwing it.
                var sent = _socket.Send(packet, SocketFlags.None, out var error);
                return error == SocketError.Success && sent == packet.Length;
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }

        public void Dispose() => _socket.Dispose();

        private void Connect()
        {
            Volatile.Write(ref _triedAt, _time.GetTimestamp());
            try
            {
                _socket.Connect(_collector);
                _connected = true;
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                // There is no route to it now.
                _connected = false;
            }
        }
    }
}
