using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Server.Phone;

/// <summary>The built-in telephone: real SIP and RTP over sockets of its own. It calls, waits for the beep, speaks, presses keys, hangs up, and tells how it was.</summary>
internal sealed class TestPhone : IAsyncDisposable
{
    private readonly TimerWheel _wheel;
    private readonly MediaEngine _media;
    private readonly TimeProvider _time;
    private readonly PhoneOptions _options;
    private readonly IPAddress _local;

    /// <summary>A phone for one call.</summary>
    public TestPhone(PhoneOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _local = LocalAddressTowards(options.Server);
        _wheel = new TimerWheel(time);
        _media = new MediaEngine(new MediaEngineOptions { Threads = 1, FirstPort = 0 }, time, NullLoggerFactory.Instance);
    }

    /// <summary>Makes the call; what was heard goes to <paramref name="heard"/> as well.</summary>
    public async Task<PhoneReport> CallAsync(HeardAudio heard, CancellationToken cancellation)
    {
        var listen = new SipEndpointOptions { Listen = [new SipListen(_options.Transport, new IPEndPoint(_local, 0))], Tls = _options.Tls, UserAgent = "Postbell test phone" };
        await using var endpoint = new SipEndpoint(listen, new ServerOnly(_options.Server.Address), _wheel, NullLoggerFactory.Instance);
        await endpoint.StartAsync(new NobodyHome(), cancellation);
        await using var call = new PhoneCall(_options, endpoint, _media, _local, heard, _time);
        return await call.RunAsync(cancellation);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _media.Dispose();
        _wheel.Dispose();
        return ValueTask.CompletedTask;
    }

    // The address this machine would send from; connecting a datagram socket sends nothing.
    private static IPAddress LocalAddressTowards(IPEndPoint server)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(server);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }

    private sealed class ServerOnly(IPAddress server) : ISipPeerPolicy
    {
        public bool Admits(SipPeer peer) => peer.EndPoint.Address.Equals(server);
    }

    private sealed class NobodyHome : ISipServer
    {
        public void OnInvite(IncomingInvite invite) => invite.Reject(486, "Busy Here");

        public void OnRequest(IncomingRequest request) => request.Respond(request.Request.Method == SipMethods.Options ? 200 : 405);
    }
}
