using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests;

/// <summary>The requests of the bench's peer.</summary>
internal static class Wire
{
    public static string Invite(
        string branch = "z9hG4bKinv1", int cseq = 1, string callId = "call-1", string fromTag = "peer", string? toTag = null, string? body = "offer", string transport = "UDP",
        string extra = "") =>
        $"""
        INVITE sip:5000@192.0.2.1 SIP/2.0
        Via: SIP/2.0/{transport} 192.0.2.9:5060;branch={branch}
        Max-Forwards: 70
        From: "Caller" <sip:200@192.0.2.9>;tag={fromTag}
        To: <sip:5000@192.0.2.1>{(toTag is null ? "" : ";tag=" + toTag)}
        Call-ID: {callId}
        CSeq: {cseq} INVITE
        Contact: <sip:200@192.0.2.9:5060>
        {Extra(extra)}{(body is null ? "Content-Length: 0\n\n" : $"Content-Type: application/sdp\nContent-Length: {body.Length}\n\n{body}")}
        """;

    public static string Ack(string toTag, int cseq = 1, string branch = "z9hG4bKack1", string callId = "call-1", string body = "") =>
        InDialog("ACK", toTag, cseq, branch, callId, body: body);

    public static string Cancel(string branch = "z9hG4bKinv1", int cseq = 1, string callId = "call-1", string? toTag = null) =>
        Plain("CANCEL", branch, cseq, callId, toTag);

    public static string InDialog(
        string method, string toTag, int cseq, string branch = "z9hG4bKdlg1", string callId = "call-1", string extra = "", string body = "") =>
        Plain(method, branch, cseq, callId, toTag, extra, body);

    public static string Options(string branch = "z9hG4bKopt1", string extra = "", string maxForwards = "70", string callId = "call-1") =>
        Plain("OPTIONS", branch, 1, callId, null, extra, maxForwards: maxForwards);

    public static string Plain(
        string method, string branch, int cseq, string callId, string? toTag, string extra = "", string body = "", string maxForwards = "70") =>
        $"""
        {method} sip:5000@192.0.2.1 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.9:5060;branch={branch}
        Max-Forwards: {maxForwards}
        From: "Caller" <sip:200@192.0.2.9>;tag=peer
        To: <sip:5000@192.0.2.1>{(toTag is null ? "" : ";tag=" + toTag)}
        Call-ID: {callId}
        CSeq: {cseq} {method}
        {Extra(extra)}{(body.Length == 0 ? "Content-Length: 0\n\n" : $"Content-Type: application/sdp\nContent-Length: {body.Length}\n\n{body}")}
        """;

    /// <summary>A response of the peer to a request of ours.</summary>
    public static string Response(SipRequest request, int status, string? toTag = "callee", string extra = "", string body = "") =>
        $"""
        SIP/2.0 {status} Some Reason
        Via: {request.Headers["Via"]}
        From: {request.Headers["From"]}
        To: {request.Headers["To"]}{(toTag is null || request.To.Tag is not null ? "" : ";tag=" + toTag)}
        Call-ID: {request.CallId}
        CSeq: {request.Headers["CSeq"]}
        {Extra(extra)}{(body.Length == 0 ? "Content-Length: 0\n\n" : $"Content-Type: application/sdp\nContent-Length: {body.Length}\n\n{body}")}
        """;

    private static string Extra(string lines) => lines.Length == 0 ? "" : lines + "\n";
}
