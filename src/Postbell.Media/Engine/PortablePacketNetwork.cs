using System.Net;
using System.Net.Sockets;

namespace Postbell.Media.Engine;

/// <summary>UDP ports through System.Net.Sockets, for systems other than 64-bit Linux.</summary>
internal sealed class PortablePacketNetwork : IPacketNetwork
{
    public PacketBatch CreateBatch() => new();

    public IPacketPort? TryBind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return new Port(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Port : IPacketPort
    {
        private readonly Socket _socket;
        private readonly SocketAddress _from;
        private SocketAddress? _to;
        private PeerAddress _toAddress;

        public Port(Socket socket)
        {
            _socket = socket;
            _from = new SocketAddress(socket.AddressFamily);
            Local = (IPEndPoint)socket.LocalEndPoint!;
        }

        public IPEndPoint Local { get; }

        public int Receive(PacketBatch batch) => Receive(batch, PacketBatch.Capacity);

        public bool ReceiveOne(PacketBatch batch) => Receive(batch, 1) == 1;

        private int Receive(PacketBatch batch, int limit)
        {
            var count = 0;
            try
            {
                // Asking first avoids the exception that an empty socket costs.
                while (count < limit && _socket.Available > 0)
                {
                    var length = _socket.ReceiveFrom(batch.Slot(count), SocketFlags.None, _from);
                    batch.Set(count, length < PacketBatch.PacketBytes ? length : 0, Read(_from), 0);
                    count++;
                }
            }
            catch (SocketException)
            {
                // A refused packet of ours comes back as an error on some systems: the datagrams behind it wait for the next tick.
            }

            return count;
        }

        public bool Send(ReadOnlySpan<byte> datagram, in PeerAddress to)
        {
            if (_to is null || _toAddress != to)
            {
                _to = to.ToEndPoint().Serialize();
                _toAddress = to;
            }

            try
            {
                return _socket.SendTo(datagram, SocketFlags.None, _to) == datagram.Length;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        public void Dispose() => _socket.Dispose();

        private static PeerAddress Read(SocketAddress address)
        {
            var bytes = address.Buffer.Span;
            var port = (ushort)((bytes[2] << 8) | bytes[3]);
            return address.Family == AddressFamily.InterNetworkV6
                ? PeerAddress.FromIPv6(bytes.Slice(8, 16), port)
                : PeerAddress.FromIPv4((uint)((bytes[4] << 24) | (bytes[5] << 16) | (bytes[6] << 8) | bytes[7]), port);
        }
    }
}
