using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Dialogs;

/// <summary>Makes our responses: what the request dictates (RFC 3261 section 8.2.6) and what we announce of ourselves (Contact, Allow, Supported, Server).</summary>
internal sealed class ResponseComposer(SipEndpointOptions options, ISipNetwork network)
{
    private readonly string _allow = string.Join(", ", options.AllowedMethods);
    private readonly string _supported = string.Join(", ", options.SupportedExtensions);
    private readonly string _accept = string.Join(", ", options.AcceptedContentTypes);

    public SipResponse Build(
        ServerTransaction transaction, int status, string? reason, string localTag, ReadOnlyMemory<byte> body, string? contentType, IReadOnlyList<SipHeader> extra)
    {
        var request = transaction.Request;
        var response = SipResponse.Answering(request, status, reason ?? SipReasonPhrases.For(status), localTag);
        var headers = response.Headers;
        if (status < 300 && MakesDialog(request.Method))
        {
            // A dialog is made or refreshed: the route back through the proxies, and where we are (section 12.1.1).
            foreach (var route in request.Headers.GetAll("Record-Route"))
            {
                headers.Add("Record-Route", route);
            }

            if (!extra.Any(header => header.Name.Equals("Contact", StringComparison.OrdinalIgnoreCase)))
            {
                headers.Add("Contact", ContactOf(transaction.Flow, AsksForSips(request)));
            }
        }

        AnnounceOn(headers, request.Method, status);
        foreach (var header in extra)
        {
            headers.Add(header.Name, header.Value);
        }

        if (!body.IsEmpty)
        {
            response.Body = body;
            headers.Add("Content-Type", contentType ?? "application/octet-stream");
        }

        return response;
    }

    /// <summary>Headers on our own requests.</summary>
    public void AnnounceOn(SipRequest request, SipFlow flow)
    {
        var headers = request.Headers;
        if (MakesDialog(request.Method) && !headers.Contains("Contact"))
        {
            headers.Add("Contact", ContactOf(flow, request.RequestUri.Scheme == "sips" || IsSips(request.Headers["Route"])));
        }

        if (request.Method is SipMethods.Invite or SipMethods.Update)
        {
            headers.Add("Allow", _allow);
            headers.Add("Supported", _supported);
        }

        if (!headers.Contains("User-Agent"))
        {
            headers.Add("User-Agent", options.UserAgent);
        }
    }

    /// <summary>Where we are reached: sips where the peer asked for it and the way is TLS, else sip with its transport.</summary>
    public string ContactOf(SipFlow flow, bool sips)
    {
        var local = network.ListeningEndPoint(flow);
        var secure = sips && flow.Transport.IsEncrypted();
        var host = SipUri.FormatHost(options.AdvertisedHost ?? local.Address.ToString());
        var transport = secure && flow.Transport == SipTransport.Tls ? null : SipTransports.ParameterOf(flow.Transport);
        return $"<{(secure ? "sips" : "sip")}:{host}:{local.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}{(transport is null ? "" : $";transport={transport}")}>";
    }

    public SipVia ViaOf(SipFlow flow)
    {
        var local = network.ListeningEndPoint(flow);
        List<SipParameter> parameters = [new("branch", SipTokens.NewBranch()), new("rport", null)];
        if (flow.Transport == SipTransport.Tls)
        {
            // The peer may send its own requests back on this connection (RFC 5923).
            parameters.Add(new SipParameter("alias", null));
        }

        return new SipVia(SipTransports.ViaName(flow.Transport), options.AdvertisedHost ?? local.Address.ToString(), local.Port, new SipParameters(parameters));
    }

    /// <summary>Allow, Accept and Supported where a peer needs them to do better (sections 8.2.1 to 8.2.3, 11.2, 21.4).</summary>
    public void AnnounceOn(SipHeaders headers, string method, int status)
    {
        var success = status is >= 200 and < 300;
        var describes = success && (method is SipMethods.Invite or SipMethods.Options or SipMethods.Update);
        if (status == 405 || describes || (status is > 100 and < 200 && method == SipMethods.Invite))
        {
            headers.Add("Allow", _allow);
        }

        if (describes)
        {
            headers.Add("Supported", _supported);
        }

        // Of other methods the application alone knows what it takes.
        if ((status == 415 && method is SipMethods.Invite or SipMethods.Update) || (success && method == SipMethods.Options))
        {
            headers.Add("Accept", _accept);
        }

        headers.Add("Server", options.UserAgent);
    }

    /// <summary>RFC 3261 section 12.1.1: a request that came by sips gets a sips Contact back.</summary>
    private static bool AsksForSips(SipRequest request) =>
        request.RequestUri.Scheme == "sips" || IsSips(request.Headers["Record-Route"] ?? request.Headers["Contact"]);

    private static bool IsSips(string? header) =>
        header is not null && header.Contains("sips:", StringComparison.OrdinalIgnoreCase)
        && NameAddress.TryParse(header[..SipValueList.EndOfFirst(header)].Trim(), out var address) && address.Uri.Scheme == "sips";

    private static bool MakesDialog(string method) =>
        method is SipMethods.Invite or SipMethods.Update or SipMethods.Subscribe or SipMethods.Notify or SipMethods.Refer;
}
