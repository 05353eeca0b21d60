using System.Net;

namespace Postbell.Media.Engine;

/// <summary>One bound UDP port, used by one engine thread. Nothing blocks.</summary>
internal interface IPacketPort : IDisposable
{
    /// <summary>Address and port it is bound to.</summary>
    IPEndPoint Local { get; }

    /// <summary>Takes up to <see cref="PacketBatch.Capacity"/> waiting datagrams; returns how many.</summary>
    int Receive(PacketBatch batch);

    /// <summary>Takes one waiting datagram into the first place of the batch, without its time of arrival: cheaper when more than one is unlikely.</summary>
    bool ReceiveOne(PacketBatch batch);

    /// <summary>Sends one datagram; false when the system does not take it now.</summary>
    bool Send(ReadOnlySpan<byte> datagram, in PeerAddress to);
}
