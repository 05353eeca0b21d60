using System.Globalization;
using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Dialogs;

/// <summary>The addressing of a dialog: tags, remote target, route set, sequence number; it makes our requests in the dialog (RFC 3261 section 12).</summary>
internal sealed class DialogRoute
{
    private readonly string _localAddress;
    private readonly string _remoteAddress;
    private readonly IReadOnlyList<NameAddress> _routes;
    private (string? Name, IReadOnlyList<SipDestination> Destinations) _located = (null, []);
    private uint _localNumber;

    private DialogRoute(DialogKey key, string localAddress, string remoteAddress, SipUri target, IReadOnlyList<NameAddress> routes, uint localNumber)
    {
        Key = key;
        _localAddress = localAddress;
        _remoteAddress = remoteAddress;
        RemoteTarget = target;
        _routes = routes;
        _localNumber = localNumber;
    }

    public DialogKey Key { get; }

    /// <summary>Where our requests are addressed; the peer's last Contact (target refresh).</summary>
    public SipUri RemoteTarget { get; set; }

    /// <summary>The last element of the route set, nearest to the peer; null when it is empty.</summary>
    public SipUri? Last => _routes.Count > 0 ? _routes[^1].Uri : null;

    /// <summary>The dialog an INVITE that came in makes (section 12.1.1): route set in the order of Record-Route.</summary>
    public static DialogRoute OfServer(SipRequest invite, string localTag) => new(
        new DialogKey(invite.CallId, localTag, invite.From.Tag ?? ""),
        $"{invite.Headers["To"]};tag={localTag}",
        invite.Headers["From"]!,
        (invite.Contact ?? invite.From).Uri,
        RoutesOf(invite),
        0);

    /// <summary>
    /// The dialog that a response to our INVITE makes (section 12.1.2): route set in reverse order of Record-Route. The numbers go on where those of the
    /// early dialog ended.
    /// </summary>
    public static DialogRoute OfClient(SipRequest invite, SipResponse response, DialogRoute? early = null) => new(
        new DialogKey(invite.CallId, invite.From.Tag!, response.To.Tag ?? ""),
        invite.Headers["From"]!,
        response.Headers["To"]!,
        response.Contact?.Uri ?? invite.RequestUri,
        [.. RoutesOf(response).Reverse()],
        early?._localNumber ?? invite.CSeq.Number);

    /// <summary>The ACK to a 2xx has the number of its INVITE (section 13.2.2.4), and its credentials (section 22.1).</summary>
    public SipRequest BuildAck(SipRequest invite, ReadOnlyMemory<byte> body, string? contentType) =>
        Build(SipMethods.Ack, invite.CSeq.Number, body, contentType, invite.Headers.Where(header => header.Name is "Authorization" or "Proxy-Authorization"));

    /// <summary>The number of the next request; for one that is sent again as a new one.</summary>
    public uint NextNumber() => ++_localNumber;

    /// <summary>A new request in the dialog (section 12.2.1.1).</summary>
    public SipRequest Build(string method, ReadOnlyMemory<byte> body, string? contentType, IEnumerable<SipHeader> extra) =>
        Build(method, ++_localNumber, body, contentType, extra);

    /// <summary>
    /// Where the next hop is, in the order to try: the address it is written as; the addresses its name was found at; else, and last of all, the way the
    /// peer reached us: names are not looked up on a call's way.
    /// </summary>
    public IReadOnlyList<SipDestination> NextHops(SipFlow flow)
    {
        var known = NextHop(flow);
        return NameToLookUp(flow) is { } name && name.ToString() == _located.Name
            ? [.. _located.Destinations.Select(to => to.Transport == SipTransport.Tls ? to with { ServerName = known.ServerName } : to).Where(to => to != known), known]
            : [known];
    }

    /// <summary>The next hop as a URI for a look-up, when it is a name: with the transport of this dialog. Null for an address.</summary>
    public SipUri? NameToLookUp(SipFlow flow)
    {
        var uri = Hop;
        if (flow.Transport.IsWebSocket() || !uri.IsSip || uri.TryGetAddress(out _))
        {
            return null;
        }

        var transport = SipTransports.Toward(uri, flow.Transport) switch
        {
            SipTransport.Tls => "tls",
            SipTransport.Tcp => "tcp",
            _ => "udp",
        };
        return SipUri.Create(null, uri.Host, uri.Port, SipParameters.Empty.With("transport", transport));
    }

    /// <summary>A look-up ended; what it found holds as long as the next hop has this name.</summary>
    public void SetLocation(SipUri name, IReadOnlyList<SipDestination> destinations) => _located = (name.ToString(), destinations);

    private SipUri Hop => _routes.Count > 0 ? _routes[0].Uri : RemoteTarget;

    /// <summary>
    /// The next hop when it is written as an address: first route, else remote target. Where it is a name, the way the peer reached us is
    /// taken. A peer that showed a certificate must show the same name again.
    /// </summary>
    public SipDestination NextHop(SipFlow flow)
    {
        if (flow.Transport.IsWebSocket())
        {
            // Its names and addresses lead nowhere (RFC 7118 section 5); its connection does.
            return new SipDestination(flow.Transport, flow.Remote);
        }

        var uri = Hop;
        var transport = SipTransports.Toward(uri, flow.Transport);
        var port = uri.Port ?? SipTransports.DefaultPort(transport);
        var name = flow.Channel.Identity?.PrimaryName;
        if (uri.TryGetAddress(out var address))
        {
            return new SipDestination(transport, new IPEndPoint(address, port), name);
        }

        // A connection that is gone cannot be made again to the port the peer opened it from.
        return flow.IsReliable
            ? new SipDestination(flow.Transport, new IPEndPoint(flow.Remote.Address, port), name)
            : new SipDestination(flow.Transport, flow.Remote);
    }

    private SipRequest Build(string method, uint number, ReadOnlyMemory<byte> body, string? contentType, IEnumerable<SipHeader> extra)
    {
        var headers = new SipHeaders();
        var target = RemoteTarget;
        var routes = _routes.Select(route => route.ToString()).ToList();
        if (_routes.Count > 0 && !_routes[0].Uri.Parameters.Contains("lr"))
        {
            // A strict router wants to be the Request-URI itself; the target waits at the end of the list (section 12.2.1.1).
            target = _routes[0].Uri;
            routes.RemoveAt(0);
            routes.Add($"<{RemoteTarget}>");
        }

        headers.Add("Max-Forwards", "70");
        foreach (var route in routes)
        {
            headers.Add("Route", route);
        }

        headers.Add("From", _localAddress);
        headers.Add("To", _remoteAddress);
        headers.Add("Call-ID", Key.CallId);
        headers.Add("CSeq", string.Create(CultureInfo.InvariantCulture, $"{number} {method}"));
        if (contentType is not null && !body.IsEmpty)
        {
            headers.Add("Content-Type", contentType);
        }

        foreach (var header in extra)
        {
            headers.Add(header.Name, header.Value);
        }

        return new SipRequest(method, target, headers, body);
    }

    private static IReadOnlyList<NameAddress> RoutesOf(SipMessage message)
    {
        if (!message.Headers.Contains("Record-Route"))
        {
            return [];
        }

        var routes = new List<NameAddress>();
        foreach (var text in message.Headers.GetValues("Record-Route"))
        {
            if (NameAddress.TryParse(text, out var route))
            {
                routes.Add(route);
            }
        }

        return routes;
    }
}
