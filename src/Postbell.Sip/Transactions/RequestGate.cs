using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>
/// Refusals that need no transaction: the same request gets the same answer each time (RFC 3261 section 8.2.7), so a flood of them takes no
/// memory. The order of the checks is that of section 8.2.
/// </summary>
internal sealed class RequestGate(SipStack stack)
{
    private readonly HashSet<string> _allowed = new(stack.Options.AllowedMethods, StringComparer.Ordinal);
    private readonly HashSet<string> _supported = new(stack.Options.SupportedExtensions, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _accepted = new(stack.Options.AcceptedContentTypes, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when a new request may have a transaction; else it was answered.</summary>
    public bool Admit(SipRequest request, SipFlow flow)
    {
        var inDialog = request.To.Tag is not null;
        if (!_allowed.Contains(request.Method))
        {
            return Refuse(request, flow, 405);
        }

        if (!inDialog && request.MaxForwards == 0)
        {
            return Refuse(request, flow, 483);
        }

        if (!request.RequestUri.IsSip && request.RequestUri.Scheme != "tel")
        {
            return Refuse(request, flow, 416);
        }

        if (!inDialog && stack.Transactions.IsLooped(request))
        {
            return Refuse(request, flow, 482, "Loop Detected");
        }

        if (!inDialog && stack.Transactions.IsMerged(request))
        {
            return Refuse(request, flow, 482);
        }

        return AdmitExtensions(request, flow) && AdmitBody(request, flow) && AdmitSession(request, flow) && AdmitLoad(request, flow, inDialog);
    }

    /// <summary>Answers a request the parser refused, when enough of it could be read to find the way back.</summary>
    public void RefuseMalformed(SipRequest request, SipFlow flow, SipParseFailure failure)
    {
        var top = request.Headers.GetValues("Via").FirstOrDefault();
        var answerable = request.Method != SipMethods.Ack && top is not null && SipVia.TryParse(top, out _)
            && request.Headers.Contains("From") && request.Headers.Contains("To") && request.Headers.Contains("Call-ID")
            && request.Headers.Contains("CSeq");
        if (!answerable)
        {
            return;
        }

        ResponsePath.Stamp(request, flow);
        var (status, reason) = SipFailurePhrases.For(failure);
        Refuse(request, flow, status, reason);
    }

    /// <summary>403 that says nothing about us: no Server, no Allow, whatever was asked.</summary>
    public void RefuseStranger(SipRequest request, SipFlow flow) => Send(Answer(request, 403, null), request, flow);

    /// <summary>Challenge or refusal for want of good credentials, which says no more about us than the 403 for strangers; always false.</summary>
    public bool RefuseCredentials(SipRequest request, SipFlow flow, int status, string? reason, IEnumerable<SipHeader> challenges)
    {
        var response = Answer(request, status, reason);
        foreach (var challenge in challenges)
        {
            response.Headers.Add(challenge.Name, challenge.Value);
        }

        return Send(response, request, flow);
    }

    /// <summary>Answers without a transaction; always false, for the callers above.</summary>
    public bool Refuse(SipRequest request, SipFlow flow, int status, string? reason = null, params SipHeader[] extra)
    {
        var response = Answer(request, status, reason);
        stack.Responses.AnnounceOn(response.Headers, request.Method, status);
        foreach (var header in extra)
        {
            response.Headers.Add(header.Name, header.Value);
        }

        return Send(response, request, flow);
    }

    private static SipResponse Answer(SipRequest request, int status, string? reason)
    {
        var via = request.Vias[0];
        // The same for each repetition, unguessable from outside: string hashes are keyed per process.
        var tag = $"{request.Headers["Call-ID"]!.GetHashCode(StringComparison.Ordinal):x8}{(via.Branch ?? via.ToString()).GetHashCode(StringComparison.Ordinal):x8}";
        return SipResponse.Answering(request, status, reason ?? SipReasonPhrases.For(status), tag);
    }

    private bool Send(SipResponse response, SipRequest request, SipFlow flow)
    {
        stack.Statistics.CountSent(response.Status);
        new ResponsePath(stack.Network, flow, request.Vias[0]).Send(response.ToBytes(), null);
        return false;
    }

    private bool AdmitExtensions(SipRequest request, SipFlow flow)
    {
        if (!request.Headers.Contains("Require"))
        {
            return true;
        }

        var unknown = request.Headers.GetValues("Require").Where(tag => !_supported.Contains(tag)).ToList();
        return unknown.Count == 0 || Refuse(request, flow, 420, null, new SipHeader("Unsupported", string.Join(", ", unknown)));
    }

    private bool AdmitBody(SipRequest request, SipFlow flow)
    {
        if (request.Body.IsEmpty || request.Method is not (SipMethods.Invite or SipMethods.Update))
        {
            return true;
        }

        if (request.Headers["Content-Encoding"] is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(request, flow, 415, null, new SipHeader("Accept-Encoding", "identity"));
        }

        var optional = request.Headers["Content-Disposition"]?.Contains("handling=optional", StringComparison.OrdinalIgnoreCase) == true;
        return optional || (request.ContentType is { } type && _accepted.Contains(type)) || Refuse(request, flow, 415);
    }

    /// <summary>A session interval below our minimum (RFC 4028 section 9). A peer that does not know timers could do nothing about it; its interval is raised.</summary>
    private bool AdmitSession(SipRequest request, SipFlow flow)
    {
        var tooShort = request.Method is SipMethods.Invite or SipMethods.Update
            && SessionExpires.TryRead(request, out var asked) && asked.Seconds < stack.Options.MinimumSessionSeconds
            && SessionExpires.IsSupportedBy(request);
        var minimum = stack.Options.MinimumSessionSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return !tooShort || Refuse(request, flow, 422, null, new SipHeader("Min-SE", minimum));
    }

    private bool AdmitLoad(SipRequest request, SipFlow flow, bool inDialog)
    {
        // Requests of calls that are up end calls more often than they cost, so they have room of their own.
        var room = inDialog ? 2 : 1;
        var full = stack.Transactions.LivingServerCount >= stack.Options.MaxServerTransactions * room
            || stack.Transactions.FinishedCount >= stack.Options.MaxFinishedTransactions * room
            || (!inDialog && request.Method == SipMethods.Invite && (stack.Dialogs.Count >= stack.Options.MaxDialogs || stack.Waiting.IsTooLong()))
            || (!inDialog && !stack.Guard.Takes(flow.Remote.Address, request.Method == SipMethods.Invite));
        if (!full)
        {
            return true;
        }

        stack.Statistics.CountOverload();
        var seconds = ((int)stack.Options.RetryAfter.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Refuse(request, flow, 503, "Too Many Calls", new SipHeader("Retry-After", seconds));
    }
}
