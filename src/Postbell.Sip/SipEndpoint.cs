using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip;

/// <summary>A SIP user agent on UDP, TCP, TLS and WebSocket: server for calls that come in, client for our own requests. Start it once.</summary>
public sealed class SipEndpoint : IAsyncDisposable
{
    private readonly SipEndpointOptions _options;
    private readonly ISipSockets _sockets;
    private readonly SipStack _stack;
    private readonly ILogger _log;
    private readonly ExecutorThreads? _threads;

    /// <summary>Makes an endpoint; no socket is open yet.</summary>
    /// <param name="options">What it listens on and its limits.</param>
    /// <param name="policy">Who may send requests.</param>
    /// <param name="wheel">Its clock and timers.</param>
    /// <param name="log">Where it logs.</param>
    public SipEndpoint(SipEndpointOptions options, ISipPeerPolicy policy, TimerWheel wheel, ILoggerFactory log)
        : this(options, policy, wheel, log, new SipSockets())
    {
    }

    internal SipEndpoint(SipEndpointOptions options, ISipPeerPolicy policy, TimerWheel wheel, ILoggerFactory log, ISipSockets sockets)
    {
        _options = options;
        _sockets = sockets;
        _log = log.CreateLogger<SipEndpoint>();
        _threads = options.Threads > 0 ? new ExecutorThreads(options.Threads, "sip") : null;
        _stack = new SipStack(options, policy, wheel, _sockets, _log, _threads is null ? null : _threads.Schedule);
        _stack.Statistics.Watch(() =>
            (_stack.Dialogs.Count, _stack.Transactions.ServerCount, _stack.Transactions.ClientCount, _sockets.Connections));
    }

    /// <summary>Where it listens, with the actual port where port 0 was asked for.</summary>
    public IReadOnlyList<SipListen> Bound => _sockets.Bound;

    /// <summary>Counters.</summary>
    public SipStatistics Statistics => _stack.Statistics;

    /// <summary>Opens the sockets and begins to receive.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address cannot be bound.</exception>
    public Task StartAsync(ISipServer server, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _stack.Serve(server);
        _sockets.Start(_options, _stack, _log);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Sends a request outside of any dialog and waits for its final response (RFC 3261 section 17.1.2). A local 408 stands for no answer within
    /// 64*T1, a local 503 for a peer that could not be reached. Not for INVITE, ACK and CANCEL.
    /// </summary>
    /// <param name="request">Made with <see cref="SipRequest.Create"/>; used once.</param>
    /// <param name="to">Where it is sent.</param>
    /// <param name="cancellation">Ends the wait, not the request.</param>
    public Task<SipResponse> SendAsync(SipRequest request, SipDestination to, CancellationToken cancellation = default) =>
        SendAsync(request, [to], cancellation);

    /// <summary>
    /// As <see cref="SendAsync(SipRequest, SipDestination, CancellationToken)"/>, to the first of several destinations that answers (RFC 3263 section 4.3).
    /// </summary>
    /// <param name="request">Made with <see cref="SipRequest.Create"/>; used once.</param>
    /// <param name="to">Where it is sent, in the order to try them; at least one.</param>
    /// <param name="cancellation">Ends the wait, not the request.</param>
    public Task<SipResponse> SendAsync(SipRequest request, IReadOnlyList<SipDestination> to, CancellationToken cancellation = default)
    {
        if (request.Method is SipMethods.Invite or SipMethods.Ack or SipMethods.Cancel)
        {
            throw new ArgumentException($"{request.Method} has its own way.", nameof(request));
        }

        var pending = new PendingResponse();
        return _stack.Clients.Deliver(request, to, null, _stack.Stripe(request.CallId), pending)
            ? pending.Response.WaitAsync(cancellation)
            : Task.FromResult(SipResponse.Local(request, 503, "Transport Error"));
    }

    /// <summary>Sends a request of a dialog that has no call, the way its route says.</summary>
    internal Task<SipResponse> SendAsync(SipRequest request, DialogRoute route, SipFlow flow, SerialExecutor executor)
    {
        var pending = new PendingResponse();
        return _stack.Clients.Deliver(request, route.NextHops(flow), flow, executor, pending, route.NextNumber)
            ? pending.Response
            : Task.FromResult(SipResponse.Local(request, 503, "Transport Error"));
    }

    /// <summary>Looks the next hop of such a dialog up, where it is a name.</summary>
    internal void LookUp(DialogRoute route, SipFlow flow, SerialExecutor executor) => _stack.LookUps.Begin(route, flow, executor);

    /// <summary>Our address on the way to a destination, where media for a call to it belongs; null when no socket of ours reaches it.</summary>
    public System.Net.IPAddress? LocalAddressToward(SipDestination to) => _sockets.Open(to)?.Local.Address;

    /// <summary>Makes a call. The INVITE leaves after this returns.</summary>
    public OutgoingInvite Invite(OutgoingCall call, IOutgoingInviteEvents events)
    {
        var invite = new OutgoingInvite(_stack, call, events);
        invite.Begin();
        return invite;
    }

    /// <summary>Closes the sockets. Dialogs that are still up hear nothing; end them before.</summary>
    public ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        _threads?.Dispose();
        return ValueTask.CompletedTask;
    }
}
