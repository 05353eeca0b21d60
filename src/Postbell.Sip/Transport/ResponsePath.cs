using System.Net;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Transport;

/// <summary>Where responses to one request go (RFC 3261 section 18.2.2, RFC 3581), and the top Via as they must repeat it.</summary>
internal sealed class ResponsePath
{
    private readonly ISipNetwork _network;
    private readonly SipVia _via;
    private SipFlow _flow;

    public ResponsePath(ISipNetwork network, SipFlow flow, SipVia via)
    {
        _network = network;
        _via = via;
        _flow = flow.IsReliable ? flow : flow with { Remote = DatagramTarget(flow, via) };
    }

    public bool IsReliable => _flow.IsReliable;

    /// <summary>
    /// Adds <c>received</c> and <c>rport</c> to the request's top Via, so that every response made from it carries them. The source address is
    /// always noted when it differs from sent-by (section 18.2.1) or when the peer asked for it (RFC 3581 section 4). A peer with a certificate that
    /// offers its connection for our requests too (RFC 5923) is taken at its word.
    /// </summary>
    public static void Stamp(SipRequest request, SipFlow flow)
    {
        var via = request.Vias[0];
        if (flow.Channel.Identity is not null && via.Parameters.Contains("alias"))
        {
            flow.Channel.ServeAlso(via.Port ?? SipTransports.DefaultPort(flow.Transport));
        }

        var asksPort = via.Parameters.TryGet("rport", out var given) && given is null;
        var sameHost = IPAddress.TryParse(via.Host, out var host) && host.Equals(flow.Remote.Address);
        if (sameHost && !asksPort)
        {
            return;
        }

        var parameters = via.Parameters.Without("received").With("received", flow.Remote.Address.ToString());
        if (asksPort)
        {
            parameters = parameters.Without("rport").With("rport", flow.Remote.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        request.ReplaceTopVia(via with { Parameters = parameters });
    }

    /// <summary>Sends on the way the request came; over a connection that is gone, on a new one to the Via address.</summary>
    public void Send(ReadOnlyMemory<byte> message, ISendObserver? observer)
    {
        if (_flow.IsReliable && !_flow.Channel.IsOpen)
        {
            var port = _via.Port ?? SipTransports.DefaultPort(_flow.Transport);
            if (_network.Open(new SipDestination(_flow.Transport, new IPEndPoint(_flow.Remote.Address, port), _flow.Channel.Identity?.PrimaryName)) is not { } reopened)
            {
                observer?.OnSendFailed();
                return;
            }

            _flow = reopened;
        }

        _flow.Send(message, observer);
    }

    private static IPEndPoint DatagramTarget(SipFlow flow, SipVia via)
    {
        if (via.Parameters.Contains("rport"))
        {
            return flow.Remote;
        }

        // maddr is for multicast; following it would let a peer aim our answers at others, so the source address it is.
        return via.Port == flow.Remote.Port ? flow.Remote : new IPEndPoint(flow.Remote.Address, via.Port ?? 5060);
    }
}
