using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Postbell.Media.Engine.LinuxCalls;

namespace Postbell.Media.Engine;

/// <summary>UDP ports through libc: a task or an exception per packet would cost more than the packet.</summary>
internal sealed unsafe class LinuxPacketNetwork : IPacketNetwork
{
    private const int IPv4NameBytes = 16;
    private const int IPv6NameBytes = 28;

    // DSCP EF (RFC 3246): routers that know it let voice pass first.
    private const int ExpeditedForwarding = 46 << 2;

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess && BitConverter.IsLittleEndian;

    public PacketBatch CreateBatch() => new LinuxPacketBatch();

    public IPacketPort? TryBind(IPAddress address, int port)
    {
        var v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var socket = Socket(v6 ? Inet6 : Inet, Datagram | NonBlocking | CloseOnExec, 0);
        if (socket < 0)
        {
            throw Failure(Marshal.GetLastPInvokeError());
        }

        var one = 1;
        _ = SetOption(socket, SocketLevel, TimestampNs, &one, sizeof(int));
        var forwarding = ExpeditedForwarding;
        _ = v6
            ? SetOption(socket, IPv6Level, IPv6TrafficClass, &forwarding, sizeof(int))
            : SetOption(socket, IPv4Level, IPv4TypeOfService, &forwarding, sizeof(int));
        if (v6)
        {
            _ = SetOption(socket, IPv6Level, IPv6Only, &one, sizeof(int));
        }

        var name = stackalloc byte[IPv6NameBytes];
        var length = WriteName(name, PeerAddress.From(new IPEndPoint(address, port)), v6, (uint)(v6 ? address.ScopeId : 0));
        if (Bind(socket, name, length) == 0 && SocketName(socket, name, &length) == 0)
        {
            return new Port(socket, v6, new IPEndPoint(address, BinaryPrimitives.ReverseEndianness(*(ushort*)(name + 2))));
        }

        var error = Marshal.GetLastPInvokeError();
        _ = Close(socket);
        return error == AddressInUse ? null : throw Failure(error);
    }

    private static Exception Failure(int error) => error is TooManyFiles or TooManyFilesInSystem
        ? new MediaPortsExhaustedException("The system allows no more open files: raise the limit (LimitNOFILE, ulimit -n).")
        : new SocketException((int)SocketError.SocketError, $"The system refused a media port: {Marshal.GetPInvokeErrorMessage(error)}.");

    private static int WriteName(byte* name, in PeerAddress address, bool v6, uint scope)
    {
        *(ushort*)name = (ushort)(v6 ? Inet6 : Inet);
        *(ushort*)(name + 2) = BinaryPrimitives.ReverseEndianness(address.Port);
        if (!v6)
        {
            *(uint*)(name + 4) = BinaryPrimitives.ReverseEndianness(address.IPv4);
            *(ulong*)(name + 8) = 0;
            return IPv4NameBytes;
        }

        *(uint*)(name + 4) = 0;
        *(ulong*)(name + 8) = BinaryPrimitives.ReverseEndianness(address.High);
        *(ulong*)(name + 16) = BinaryPrimitives.ReverseEndianness(address.Low);
        *(uint*)(name + 24) = scope;
        return IPv6NameBytes;
    }

    private sealed class Port(int socket, bool v6, IPEndPoint local) : IPacketPort
    {
        private readonly uint _scope = (uint)(v6 ? local.Address.ScopeId : 0);
        private int _socket = socket;

        public IPEndPoint Local => local;

        public int Receive(PacketBatch batch) => ((LinuxPacketBatch)batch).Receive(_socket);

        public bool ReceiveOne(PacketBatch batch) => ((LinuxPacketBatch)batch).ReceiveOne(_socket);

        public bool Send(ReadOnlySpan<byte> datagram, in PeerAddress to)
        {
            var name = stackalloc byte[IPv6NameBytes];
            var length = WriteName(name, to, v6, _scope);
            fixed (byte* data = datagram)
            {
                return SendTo(_socket, data, (nuint)datagram.Length, DontWait, name, length) >= 0;
            }
        }

        public void Dispose()
        {
            var descriptor = Interlocked.Exchange(ref _socket, -1);
            if (descriptor >= 0)
            {
                _ = Close(descriptor);
            }
        }
    }
}
