namespace Postbell.Sip.Messages;

/// <summary>A response (RFC 3261 section 7.2).</summary>
public sealed class SipResponse : SipMessage
{
    /// <summary>A response with these parts.</summary>
    public SipResponse(int status, string reason, SipHeaders headers, ReadOnlyMemory<byte> body = default)
        : base(headers, body)
    {
        Status = status;
        Reason = reason;
    }

    /// <summary>Status code, 100 to 699.</summary>
    public int Status { get; }

    /// <summary>Reason phrase; may be empty.</summary>
    public string Reason { get; }

    /// <summary>True when no peer sent it: 408 after a timeout, 503 after a transport error, 487 for an INVITE withdrawn before any answer.</summary>
    public bool IsLocal { get; private init; }

    /// <summary>100 to 199.</summary>
    public bool IsProvisional => Status < 200;

    /// <summary>200 to 299.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    internal override string StartLine => $"SIP/2.0 {Status} {Reason}";

    /// <summary>Makes the response to a request as RFC 3261 section 8.2.6.2 says: Via, From, To, Call-ID and CSeq copied.</summary>
    internal static SipResponse Answering(SipRequest request, int status, string reason, string? toTag)
    {
        var headers = new SipHeaders();
        foreach (var line in request.Headers)
        {
            if (line.Name is "Via")
            {
                headers.AddCanonical("Via", line.Value);
            }
            else if (headers.Contains(line.Name))
            {
                // Repeated in a request that is refused for it: once is enough.
            }
            else if (line.Name is "From" or "Call-ID" or "CSeq" || (line.Name is "Timestamp" && status == 100))
            {
                headers.AddCanonical(line.Name, line.Value);
            }
            else if (line.Name is "To")
            {
                var tagged = toTag is null || (request.HasReadableTo && request.To.Tag is not null);
                headers.AddCanonical("To", tagged ? line.Value : $"{line.Value};tag={toTag}");
            }
        }

        return new SipResponse(status, reason, headers);
    }

    /// <summary>The answer that stands for "nobody answered".</summary>
    internal static SipResponse Local(SipRequest request, int status, string reason)
    {
        var made = Answering(request, status, reason, null);
        return new SipResponse(status, reason, made.Headers) { IsLocal = true };
    }
}
