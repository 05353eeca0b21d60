using Postbell.Sip.Messages;

namespace Postbell.Sip.Transactions;

/// <summary>What tells server transactions apart (RFC 3261 section 17.2.3): branch, sent-by and method, where ACK counts as INVITE.</summary>
internal readonly record struct TransactionKey(string Branch, string SentBy, string Method)
{
    public static TransactionKey Of(SipRequest request, string method)
    {
        var via = request.Vias[0];
        if (via.HasUniqueBranch)
        {
            return new TransactionKey(via.Branch!, via.SentBy, method);
        }

        // Peers of RFC 2543 make no unique branch: From tag, Call-ID, CSeq number and the Via as it came name the transaction. The To tag and the
        // Request-URI are left out, so that the same key finds the INVITE for its ACK and CANCEL.
        return new TransactionKey($"{request.From.Tag} {request.CallId} {request.CSeq.Number}", via.ToString(), method);
    }

    public static TransactionKey Of(SipRequest request) => Of(request, request.Method is SipMethods.Ack ? SipMethods.Invite : request.Method);
}

/// <summary>Two requests with the same key but different transactions took two ways to us and are one request (RFC 3261 section 8.2.2.2).</summary>
internal readonly record struct MergeKey(string CallId, string? FromTag, uint Number, string Method)
{
    public static MergeKey Of(SipRequest request) => new(request.CallId, request.From.Tag, request.CSeq.Number, request.Method);
}

/// <summary>What tells client transactions apart (RFC 3261 section 17.1.3).</summary>
internal readonly record struct ClientKey(string Branch, string Method);
