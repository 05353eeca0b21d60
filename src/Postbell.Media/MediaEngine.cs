using System.Net;
using Microsoft.Extensions.Logging;

namespace Postbell.Media;

/// <summary>
/// Moves the media of all calls: a few threads, each owning the sockets of its sessions and waking at absolute deadlines. No thread, timer or task per
/// call, no allocation per packet.
/// </summary>
public sealed class MediaEngine : IDisposable
{
    /// <summary>Creates the engine and starts its threads.</summary>
    public MediaEngine(MediaEngineOptions options, TimeProvider time, ILoggerFactory log) => throw new NotSupportedException();

    /// <summary>Counters since the start. Any thread.</summary>
    public MediaEngineStatistics Statistics => throw new NotSupportedException();

    /// <summary>Opens the ports of one call: an even one for RTP, the next for RTCP. Any thread.</summary>
    /// <param name="local">Address to bind, one of this machine's; it is what the session description names.</param>
    /// <param name="events">Receives what the session reports.</param>
    /// <exception cref="MediaPortsExhaustedException">No pair of ports is free.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is none of this machine's.</exception>
    public MediaSession Open(IPAddress local, IMediaSessionEvents events) => throw new NotSupportedException();

    /// <summary>Closes every session and ends the threads.</summary>
    public void Dispose()
    {
    }
}
