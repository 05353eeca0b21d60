using System.Collections.Concurrent;
using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>
/// Requests too large for a datagram that arrives in one piece (RFC 3261 section 18.1.1): they take TCP to the same address, and UDP after all where TCP is
/// refused, which is remembered for a while.
/// </summary>
internal sealed class LargeRequests(SipStack stack)
{
    /// <summary>Bytes of the largest request that goes by UDP.</summary>
    public const int LargestDatagram = 1300;

    private const int Remembered = 1024;
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<IPEndPoint, long> _refused = new();

    /// <summary>The TCP flow a request takes instead of the datagram flow, with its Via changed to that; null where it goes as it is.</summary>
    public SipFlow? Reroute(SipRequest request, SipFlow flow, int bytes)
    {
        // A CANCEL goes where its INVITE went, whatever its size.
        if (flow.IsReliable || bytes <= LargestDatagram || request.Method == SipMethods.Cancel || IsRefused(flow.Remote)
            || stack.Network.Open(new SipDestination(SipTransport.Tcp, flow.Remote)) is not { } stream)
        {
            return null;
        }

        Rewrite(request, stream);
        return stream;
    }

    /// <summary>The peer takes no TCP: the request goes by the datagram flow after all.</summary>
    public void Return(SipRequest request, SipFlow flow)
    {
        if (_refused.Count >= Remembered)
        {
            _refused.Clear();
        }

        _refused[flow.Remote] = stack.Wheel.Time.GetTimestamp();
        Rewrite(request, flow);
    }

    private bool IsRefused(IPEndPoint remote) => _refused.TryGetValue(remote, out var since) && stack.Wheel.Time.GetElapsedTime(since) < s_memory;

    /// <summary>Only the Via says how the request travels (section 18.1.1); its Contact stays, so what follows comes as it would have.</summary>
    private void Rewrite(SipRequest request, SipFlow flow) => request.ReplaceTopVia(
        request.Vias[0] with { Transport = SipTransports.ViaName(flow.Transport), Port = stack.Network.ListeningEndPoint(flow).Port });
}
