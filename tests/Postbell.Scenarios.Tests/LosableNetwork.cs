using System.Net;
using System.Net.Sockets;
using Postbell.Media.Engine;

namespace Postbell.Scenarios.Tests;

/// <summary>A network whose address can go away, as that of an interface which lost its lease.</summary>
internal sealed class LosableNetwork(IPacketNetwork network) : IPacketNetwork
{
    public bool IsLost { get; set; }

    public PacketBatch CreateBatch() => network.CreateBatch();

    public IPacketPort? TryBind(IPAddress address, int port) =>
        IsLost ? throw new SocketException((int)SocketError.AddressNotAvailable) : network.TryBind(address, port);
}
