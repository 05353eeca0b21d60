using System.Net;
using System.Text;
using Postbell.Core;
using Postbell.Sip.Tracing;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Tracing;

/// <summary>Traces of the tests, their clock, and messages to fill them with.</summary>
internal sealed class TraceSamples : IDisposable
{
    public static readonly IPEndPoint Here = new(IPAddress.Parse("192.0.2.1"), 5060);
    public static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.9"), 5062);

    private readonly TimerWheel _wheel;

    public TraceSamples(CallTraceOptions? options = null, ITraceExport? export = null)
    {
        _wheel = new TimerWheel(Time);
        Traces = new CallTraces(options ?? new CallTraceOptions(), _wheel, Failed.Add, export);
    }

    public ManualTime Time { get; } = new();

    public List<CallTraceSnapshot> Failed { get; } = [];

    public CallTraces Traces { get; }

    public CallTraceSnapshot Last => Traces.Find(static _ => true)!;

    public static byte[] Request(string method, string callId = "call-1", string body = "", string extra = "", int cseq = 1) => Bytes(
        $"{method} sip:5000@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5062;branch=z9hG4bK1\nCall-ID: {callId}\nCSeq: {cseq} {method}\n{extra}Content-Length: {body.Length}\n\n") is var head
        ? [.. head, .. Encoding.UTF8.GetBytes(body)] : [];

    public static byte[] Response(int status, string callId = "call-1", string method = "INVITE") => Bytes(
        $"SIP/2.0 {status} Some Reason\nVia: SIP/2.0/UDP 192.0.2.9:5062;branch=z9hG4bK1\nCall-ID: {callId}\nCSeq: 1 {method}\nContent-Length: 0\n\n");

    public static byte[] Bytes(string lines) => Encoding.UTF8.GetBytes(lines.ReplaceLineEndings("\r\n"));

    public void Receive(byte[] message, SipTransport transport = SipTransport.Udp) => Traces.OnMessage(SipDirection.Received, transport, Here, Peer, message);

    public void Send(byte[] message, SipTransport transport = SipTransport.Udp) => Traces.OnMessage(SipDirection.Sent, transport, Here, Peer, message);

    /// <summary>A call of seven messages that is taken and ended.</summary>
    public void WholeCall(string callId)
    {
        Receive(Request("INVITE", callId));
        Send(Response(100, callId));
        Send(Response(180, callId));
        Send(Response(200, callId));
        Receive(Request("ACK", callId));
        Receive(Request("BYE", callId, cseq: 2));
        Send(Response(200, callId, "BYE"));
    }

    public void Dispose() => _wheel.Dispose();
}
