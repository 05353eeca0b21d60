using Microsoft.Extensions.Logging;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>What one endpoint listens and sends on: real sockets, or memory in tests.</summary>
internal interface ISipSockets : ISipNetwork, IDisposable
{
    /// <summary>Where it listens, with actual ports.</summary>
    IReadOnlyList<SipListen> Bound { get; }

    /// <summary>Open TCP connections.</summary>
    int Connections { get; }

    /// <summary>Binds everything, then starts to receive.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address cannot be bound; nothing stays open.</exception>
    void Start(SipEndpointOptions options, SipStack stack, ILogger log);
}
