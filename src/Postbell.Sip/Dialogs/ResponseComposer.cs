using Postbell.Sip.Messages;
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
                headers.Add("Contact", ContactOf(transaction.Flow));
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
            headers.Add("Contact", ContactOf(flow));
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

    public string ContactOf(SipFlow flow)
    {
        var local = network.ListeningEndPoint(flow);
        var parameters = flow.Transport == SipTransport.Tcp ? new SipParameters([new SipParameter("transport", "tcp")]) : null;
        return $"<{SipUri.Create(null, options.AdvertisedHost ?? local.Address.ToString(), local.Port, parameters)}>";
    }

    public SipVia ViaOf(SipFlow flow)
    {
        var local = network.ListeningEndPoint(flow);
        return new SipVia(
            flow.Transport == SipTransport.Tcp ? "TCP" : "UDP",
            options.AdvertisedHost ?? local.Address.ToString(),
            local.Port,
            new SipParameters([new SipParameter("branch", SipTokens.NewBranch()), new SipParameter("rport", null)]));
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

        if (status == 415 || (success && method == SipMethods.Options))
        {
            headers.Add("Accept", _accept);
        }

        headers.Add("Server", options.UserAgent);
    }

    private static bool MakesDialog(string method) =>
        method is SipMethods.Invite or SipMethods.Update or SipMethods.Subscribe or SipMethods.Notify;
}
