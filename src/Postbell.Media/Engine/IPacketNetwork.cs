using System.Net;

namespace Postbell.Media.Engine;

/// <summary>Where ports come from: the Linux system calls, the sockets of .NET, or memory in tests.</summary>
internal interface IPacketNetwork
{
    /// <summary>Binds a port (0 lets the system choose); null when it is taken.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound at all.</exception>
    IPacketPort? TryBind(IPAddress address, int port);

    /// <summary>A batch for <see cref="IPacketPort.Receive"/>; one per engine thread.</summary>
    PacketBatch CreateBatch();
}
