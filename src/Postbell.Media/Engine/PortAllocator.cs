using System.Net;

namespace Postbell.Media.Engine;

/// <summary>
/// Binds pairs of ports: RTP even, RTCP the next. Goes round the range, so that a port just freed comes last and late packets of an ended call do not
/// reach a new one.
/// </summary>
internal sealed class PortAllocator(IPacketNetwork network, int first, int last)
{
    private const int SystemChosenAttempts = 64;

    private readonly int _first = first + (first & 1);
    private int _next;

    public (IPacketPort Rtp, IPacketPort Rtcp) Bind(IPAddress address)
    {
        var pairs = first == 0 ? SystemChosenAttempts : (last - _first + 1) / 2;
        for (var attempt = 0; attempt < pairs; attempt++)
        {
            var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)pairs);
            if (TryPair(address, first == 0 ? 0 : _first + (index * 2)) is { } pair)
            {
                return pair;
            }
        }

        throw new MediaPortsExhaustedException(first, last);
    }

    private (IPacketPort Rtp, IPacketPort Rtcp)? TryPair(IPAddress address, int port)
    {
        var rtp = network.TryBind(address, port);
        if (rtp is null)
        {
            return null;
        }

        var even = (rtp.Local.Port & 1) == 0;
        var rtcp = even && rtp.Local.Port < ushort.MaxValue ? network.TryBind(address, rtp.Local.Port + 1) : null;
        if (rtcp is null)
        {
            rtp.Dispose();
            return null;
        }

        return (rtp, rtcp);
    }
}
