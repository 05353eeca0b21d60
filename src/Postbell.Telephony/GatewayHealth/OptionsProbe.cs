using System.Net;
using System.Net.Sockets;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.GatewayHealth;

/// <summary>Asks one gateway by OPTIONS (RFC 3261 section 11).</summary>
/// <param name="endpoint">Sends.</param>
/// <param name="destinations">Where requests to a gateway go, in the order to try them; empty when that is not known.</param>
/// <param name="serverName">Our host in From.</param>
public sealed class OptionsProbe(SipEndpoint endpoint, Func<Gateway, IReadOnlyList<SipDestination>> destinations, string serverName)
{
    /// <summary>
    /// False for a gateway that has no address for requests, for <c>loopback</c>, which stands for whatever runs on this machine, and where we would ask ourselves.
    /// </summary>
    public bool CanAsk(Gateway gateway) =>
        !gateway.Address.Equals(GatewayAddress.Loopback) && destinations(gateway) is [var first, ..] && !endpoint.Bound.Any(listen => Reaches(listen.EndPoint, first.EndPoint));

    /// <summary>The status code of its answer; null when there was none. Never fails.</summary>
    public async Task<int?> AskAsync(Gateway gateway)
    {
        var to = destinations(gateway);
        if (to.Count == 0)
        {
            return null;
        }

        var request = SipRequest.Create(SipMethods.Options, SipUri.Create(null, to[0].EndPoint), new NameAddress(SipUri.Create("postbell", serverName)));
        request.Headers.Add("Accept", "application/sdp");
        try
        {
            var response = await endpoint.SendAsync(request, to, CancellationToken.None);
            return response.IsLocal ? null : response.Status;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static bool Reaches(IPEndPoint listen, IPEndPoint to) =>
        listen.Port == to.Port
        && (listen.Address.Equals(to.Address) || (IPAddress.IsLoopback(to.Address) && (listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any))));
}
