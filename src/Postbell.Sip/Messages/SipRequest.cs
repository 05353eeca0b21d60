namespace Postbell.Sip.Messages;

/// <summary>A request (RFC 3261 section 7.1).</summary>
public sealed class SipRequest : SipMessage
{
    /// <summary>A request with these parts. For one that is to be sent use <see cref="Create"/>, which fills in what every request needs.</summary>
    public SipRequest(string method, SipUri requestUri, SipHeaders headers, ReadOnlyMemory<byte> body = default)
        : base(headers, body)
    {
        Method = method;
        RequestUri = requestUri;
    }

    /// <summary>The method, upper-case; see <see cref="SipMethods"/>.</summary>
    public string Method { get; }

    /// <summary>The Request-URI.</summary>
    public SipUri RequestUri { get; }

    internal override string StartLine => $"{Method} {RequestUri} SIP/2.0";

    /// <summary>
    /// Makes a request outside of any dialog: fresh Call-ID and From tag, CSeq 1, Max-Forwards 70. Via is added when it is sent.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="requestUri">Where it goes.</param>
    /// <param name="from">Who asks; gets a tag when it has none.</param>
    /// <param name="to">Who is asked; null is the Request-URI.</param>
    /// <param name="body">The body, may be empty.</param>
    /// <param name="contentType">Its type; needed when there is a body.</param>
    public static SipRequest Create(
        string method, SipUri requestUri, NameAddress from, NameAddress? to = null, ReadOnlyMemory<byte> body = default, string? contentType = null)
    {
        var tagged = new NameAddress(from.DisplayName, from.Uri, from.Tag is null ? from.Parameters.With("tag", SipTokens.NewTag()) : from.Parameters);
        var headers = new SipHeaders();
        headers.Add("Max-Forwards", "70");
        headers.Add("From", tagged.ToString());
        headers.Add("To", (to ?? new NameAddress(requestUri)).ToString());
        headers.Add("Call-ID", SipTokens.NewCallId());
        headers.Add("CSeq", $"1 {method}");
        if (contentType is not null)
        {
            headers.Add("Content-Type", contentType);
        }

        return new SipRequest(method, requestUri, headers, body);
    }
}
