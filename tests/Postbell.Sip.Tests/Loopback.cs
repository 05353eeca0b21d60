using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests;

/// <summary>A real endpoint on loopback, ports chosen by the system.</summary>
internal sealed class Loopback : IAsyncDisposable, ISipServer, ISipPeerPolicy
{
    private readonly TimerWheel _wheel = new(TimeProvider.System);

    private Loopback(SipEndpointOptions options) => Endpoint = new SipEndpoint(options, this, _wheel, NullLoggerFactory.Instance);

    public SipEndpoint Endpoint { get; }

    public bool Admitted { get; set; } = true;

    /// <summary>Decides instead of <see cref="Admitted"/> where it is set.</summary>
    public Func<SipPeer, bool>? AdmitsPeer { get; set; }

    public Action<IncomingInvite> Invited { get; set; } = static invite => invite.Reject(486);

    public Action<IncomingRequest> Requested { get; set; } = static request => request.Respond(200);

    public static async Task<Loopback> StartAsync(SipTransport transport = SipTransport.Udp, IPAddress? address = null, Func<SipEndpointOptions, SipEndpointOptions>? change = null)
    {
        var options = new SipEndpointOptions { Listen = [new SipListen(transport, new IPEndPoint(address ?? IPAddress.Loopback, 0))] };
        if (transport.IsEncrypted())
        {
            options = options with { Tls = Transport.TlsBench.Options() };
        }

        var loopback = new Loopback(change?.Invoke(options) ?? options);
        await loopback.Endpoint.StartAsync(loopback, CancellationToken.None);
        return loopback;
    }

    public SipDestination Destination => new(Endpoint.Bound[0].Transport, Endpoint.Bound[0].EndPoint);

    public IPEndPoint Address => Endpoint.Bound[0].EndPoint;

    /// <summary>Who may show credentials.</summary>
    public SipCredentials? Account { get; set; }

    public IReadOnlyList<DigestAlgorithm> ChallengesFor(SipPeer peer) => Account?.Algorithms ?? [];

    public SipCredentials? FindCredentials(SipPeer peer, string user) => Account?.User == user ? Account : null;

    public bool Admits(SipPeer peer) => AdmitsPeer?.Invoke(peer) ?? Admitted;

    public void OnInvite(IncomingInvite invite) => Invited(invite);

    public void OnRequest(IncomingRequest request) => Requested(request);

    public OutgoingInvite Call(Loopback other, DialogLog log, string? body = "offer") => Endpoint.Invite(
        new OutgoingCall
        {
            RequestUri = SipUri.Create("5000", other.Address),
            Destination = other.Destination,
            From = new NameAddress(SipUri.Create("caller", Address)),
            Body = body is null ? default : System.Text.Encoding.UTF8.GetBytes(body),
        },
        log);

    public async Task WaitForConnectionsAsync(int count)
    {
        for (var i = 0; i < 500 && Endpoint.Statistics.Connections != count; i++)
        {
            await Task.Delay(10);
        }

        Endpoint.Statistics.Connections.ShouldBe(count);
    }

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        _wheel.Dispose();
    }
}

/// <summary>Writes down what happens in a dialog, and lets a test wait for it.</summary>
internal sealed class DialogLog : IOutgoingInviteEvents
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<SipDialogEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SipRequest> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Lines => [.. _lines];

    public SipRequest? LastAck { get; private set; }

    public SipDialogEnd? End { get; private set; }

    public Task<SipDialogEnd> Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public Task<SipRequest> Acknowledged => _acknowledged.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public Action<IncomingReinvite> Offered { get; set; } = static reinvite => reinvite.Accept("answer"u8.ToArray(), "application/sdp");

    public Action<IncomingRequest> Requested { get; set; } = static request => request.Respond(200);

    public Action<SipDialog, SipResponse> Answered { get; set; } = static (_, _) => { };

    public void OnProvisional(SipResponse response) => _lines.Enqueue($"provisional {response.Status}");

    public void OnAnswered(SipDialog dialog, SipResponse response)
    {
        _lines.Enqueue($"answered {response.Status}");
        Answered(dialog, response);
    }

    public void OnRedirected(SipUri target) => _lines.Enqueue($"redirected {target}");

    public void OnFailed(SipResponse response) => _lines.Enqueue($"failed {response.Status}");

    public void OnAcknowledged(SipRequest ack)
    {
        LastAck = ack;
        _lines.Enqueue("acknowledged");
        _acknowledged.TrySetResult(ack);
    }

    public void OnOffer(IncomingReinvite reinvite)
    {
        _lines.Enqueue($"offer {reinvite.Request.Method}");
        Offered(reinvite);
    }

    public Action<IncomingRefer> Referred { get; set; } = static refer => refer.Decline();

    public void OnRefer(IncomingRefer refer)
    {
        _lines.Enqueue($"refer {refer.Target}");
        Referred(refer);
    }

    public void OnRefreshed(SipResponse answer) => _lines.Enqueue("refreshed");

    public void OnRequest(IncomingRequest request)
    {
        _lines.Enqueue($"request {request.Request.Method}");
        Requested(request);
    }

    public void OnEnded(SipDialogEnd end)
    {
        End = end;
        _lines.Enqueue($"ended {end.Kind}");
        _ended.TrySetResult(end);
    }
}
