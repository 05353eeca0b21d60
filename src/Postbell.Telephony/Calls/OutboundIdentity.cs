using System.Net;
using Postbell.Core;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.Calls;

/// <summary>
/// Who calls, and on whose way, in the headers of a call that we make: From, P-Asserted-Identity and Privacy (RFC 3323, RFC 3325), Diversion (RFC 5806)
/// and History-Info (RFC 7044). They go to gateways of the configuration alone, which are trusted.
/// </summary>
internal static class OutboundIdentity
{
    /// <summary>A call that was diverted so often goes round in a circle.</summary>
    public const int MostDiversions = 10;

    private const int LongestName = 64;

    /// <summary>The From of a call; it says nothing where the caller is withheld (RFC 3323 section 4.1).</summary>
    public static NameAddress From(OutboundCallRequest request, IPAddress local) => request.WithholdCaller
        ? new NameAddress("Anonymous", SipUri.Create("anonymous", "anonymous.invalid"), SipParameters.Empty)
        : new NameAddress(NameOf(request), SipUri.Create(request.CallerNumber, local.ToString()), SipParameters.Empty);

    /// <summary>The other headers.</summary>
    /// <param name="request">The call.</param>
    /// <param name="target">Its Request-URI.</param>
    /// <param name="local">Our address toward the gateway.</param>
    public static IReadOnlyList<SipHeader> Headers(OutboundCallRequest request, SipUri target, IPAddress local)
    {
        var asserted = new NameAddress(NameOf(request), SipUri.Create(request.CallerNumber, local.ToString()), SipParameters.Empty);
        List<SipHeader> headers = [new("P-Asserted-Identity", asserted.ToString())];
        if (request.WithholdCaller)
        {
            headers.Add(new SipHeader("Privacy", "id"));
        }

        if (request.OnBehalfOf is { } call)
        {
            var diverting = SipUri.Create(call.Route.Person.Extension, local.ToString());
            var earlier = DiversionsOf(call.Invite);
            headers.Add(new Diversion(diverting, "deflection", Counter: earlier + 1, Privacy: request.WithholdCaller ? "full" : null).ToHeader());
            headers.AddRange(call.Invite.Headers.GetValues("Diversion").Take(MostDiversions).Select(value => new SipHeader("Diversion", value)));
            headers.AddRange(History(call, diverting, target));
        }

        return headers;
    }

    /// <summary>How often a call was diverted already: what its Diversion headers count (RFC 5806), and its hops in History-Info.</summary>
    public static int DiversionsOf(SipRequest invite) => Math.Max(
        Math.Min(Diversion.AllOf(invite).Sum(diversion => Math.Max(1, diversion.Counter ?? 1)), 1000),
        HistoryInfo.AllOf(invite.Headers).Count - 1);

    /// <summary>The history that came goes on; where none came it begins with the person who was called.</summary>
    private static IEnumerable<SipHeader> History(InboundCall call, SipUri diverting, SipUri target)
    {
        var came = HistoryInfo.AllOf(call.Invite.Headers);
        var last = came.Count > 0 ? came[^1] : new HistoryInfo(diverting, "1", new SipReason("SIP", 480));
        foreach (var entry in came.Count > 0 ? came : [last])
        {
            yield return entry.ToHeader();
        }

        yield return HistoryInfo.SentOn(last, target).ToHeader();
    }

    private static string? NameOf(OutboundCallRequest request) =>
        request.CallerName is { } name && DisplayText.Clean(name, LongestName) is { Length: > 0 } clean ? clean : null;
}
