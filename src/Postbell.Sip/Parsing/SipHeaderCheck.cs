using Postbell.Sip.Messages;

namespace Postbell.Sip.Parsing;

/// <summary>Checks the headers that transactions and dialogs rely on (RFC 3261 section 8.1.1), so that later code may trust them.</summary>
internal static class SipHeaderCheck
{
    private static readonly string[] Single =
        ["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Type", "Content-Length", "Event", "Expires"];

    public static SipParseFailure Check(SipMessage message, SipLimits limits)
    {
        var failure = CheckRepeats(message.Headers);
        failure = failure != SipParseFailure.None ? failure : CheckVia(message, limits);
        failure = failure != SipParseFailure.None ? failure : CheckParties(message);
        failure = failure != SipParseFailure.None ? failure : CheckCSeq(message);
        failure = failure != SipParseFailure.None ? failure : CheckHops(message);
        return failure != SipParseFailure.None ? failure : CheckRoutes(message);
    }

    private static SipParseFailure CheckRepeats(SipHeaders headers)
    {
        var seen = 0;
        foreach (var header in headers)
        {
            var index = Array.IndexOf(Single, header.Name);
            if (index < 0)
            {
                continue;
            }

            if ((seen & (1 << index)) != 0)
            {
                return SipParseFailure.HeaderRepeated;
            }

            seen |= 1 << index;
        }

        return SipParseFailure.None;
    }

    private static SipParseFailure CheckVia(SipMessage message, SipLimits limits)
    {
        if (!message.Headers.Contains("Via"))
        {
            return SipParseFailure.ViaMissing;
        }

        var count = message.Headers.GetValues("Via").Count();
        return count > limits.Vias ? SipParseFailure.TooManyVias
            : count == 0 || message.Vias.Count != count ? SipParseFailure.ViaMalformed
            : SipParseFailure.None;
    }

    private static SipParseFailure CheckParties(SipMessage message)
    {
        var headers = message.Headers;
        if (headers["From"] is null)
        {
            return SipParseFailure.FromMissing;
        }

        if (headers["To"] is null)
        {
            return SipParseFailure.ToMissing;
        }

        if (headers["Call-ID"] is not { } callId)
        {
            return SipParseFailure.CallIdMissing;
        }

        return !message.HasReadableFrom ? SipParseFailure.FromMalformed
            : !message.HasReadableTo ? SipParseFailure.ToMalformed
            : !SipSyntax.IsCallId(callId) ? SipParseFailure.CallIdMalformed
            : SipParseFailure.None;
    }

    private static SipParseFailure CheckCSeq(SipMessage message)
    {
        if (message.Headers["CSeq"] is not { } text)
        {
            return SipParseFailure.CSeqMissing;
        }

        if (!SipCSeq.TryParse(text, out var cseq))
        {
            return SipParseFailure.CSeqMalformed;
        }

        return message is SipRequest request && !cseq.Method.Equals(request.Method, StringComparison.Ordinal)
            ? SipParseFailure.CSeqMethodMismatch
            : SipParseFailure.None;
    }

    private static SipParseFailure CheckHops(SipMessage message) =>
        message is SipRequest && message.Headers["Max-Forwards"] is { } text && !SipSyntax.TryNumber(text, 255, out _)
            ? SipParseFailure.MaxForwardsMalformed
            : SipParseFailure.None;

    private static SipParseFailure CheckRoutes(SipMessage message)
    {
        foreach (var text in message.Headers.GetValues("Contact"))
        {
            if (text != "*" && !NameAddress.TryParse(text, out _))
            {
                return SipParseFailure.ContactMalformed;
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["Record-Route", "Route"])
        {
            foreach (var text in message.Headers.GetValues(name))
            {
                if (!NameAddress.TryParse(text, out var route) || !route.Uri.IsSip)
                {
                    return SipParseFailure.RouteMalformed;
                }
            }
        }

        return SipParseFailure.None;
    }
}
