using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Sip.Authentication;
using Postbell.Sip.Defence;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using Postbell.Sip.Tracing;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>
/// The protocol without sockets: takes received bytes, finds the transaction and dialog they belong to, and posts to their executors.
/// </summary>
/// <remarks>
/// Invariants: <see cref="Receive"/> runs on receive threads and only parses, looks up, sends stateless refusals and posts; a transaction is in
/// the table before anything is posted about it; all state of a call is touched on its dialog's executor alone.
/// </remarks>
internal sealed partial class SipStack
{
    private const int StripeCount = 16;

    private readonly ISipPeerPolicy _policy;
    private readonly ILogger _log;
    private readonly Action<IThreadPoolWorkItem>? _schedule;
    private readonly SerialExecutor[] _stripes;
    private readonly RequestGate _gate;
    private readonly CredentialGate _credentials;
    private ISipServer? _server;

    public SipStack(
        SipEndpointOptions options,
        ISipPeerPolicy policy,
        TimerWheel wheel,
        ISipNetwork network,
        ILogger log,
        Action<IThreadPoolWorkItem>? schedule = null)
    {
        Options = options;
        Wheel = wheel;
        Network = network;
        Responses = new ResponseComposer(options, network);
        Clients = new ClientRequests(this);
        _policy = policy;
        _log = log;
        _schedule = schedule;
        Guard = new SourceGuard(options.Rates, wheel.Time, log);
        Transactions = new TransactionTable(new FinishedTransactions(wheel, options.Timers.Timeout));
        Waiting = new WaitingCalls(wheel.Time, options.LongestWait);
        Statistics.Watch(Guard);
        LookUps = new NextHopLookups(this);
        _gate = new RequestGate(this);
        _credentials = new CredentialGate(this, policy, _gate);
        _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => NewExecutor())];
    }

    public SipEndpointOptions Options { get; }

    public TimerWheel Wheel { get; }

    public ISipNetwork Network { get; }

    public SipStatistics Statistics { get; } = new();

    public SourceGuard Guard { get; }

    public WaitingCalls Waiting { get; }

    public TransactionTable Transactions { get; }

    public DialogTable Dialogs { get; } = new();

    public ResponseComposer Responses { get; }

    public ClientRequests Clients { get; }

    public NextHopLookups LookUps { get; }

    public void Serve(ISipServer server) => _server = server;

    public SerialExecutor NewExecutor() => new(LogFault, _schedule);

    /// <summary>One of a few executors shared by what belongs to no dialog, always the same for the same key.</summary>
    public SerialExecutor Stripe(string key) => _stripes[(uint)key.GetHashCode(StringComparison.Ordinal) % StripeCount];

    /// <summary>True when the policy lets this peer speak.</summary>
    public bool Admits(SipPeer peer) => _policy.Admits(peer);

    /// <summary>Our credentials at this peer; null when we have none.</summary>
    public SipCredentials? CredentialsFor(SipPeer peer) => _policy.CredentialsFor(peer);

    /// <summary>True when a peer that is a stranger by its address may show credentials.</summary>
    public bool Challenges(SipPeer peer) => _policy.ChallengesFor(peer).Count > 0;

    /// <summary>A connection was given up before it could carry a message, through the peer's fault.</summary>
    public void OnFailedConnection(SipPeer peer)
    {
        if (!Admits(peer))
        {
            Guard.OnStrangersFailure(peer.EndPoint.Address, proven: true);
        }
    }

    /// <summary>Takes one message as it came.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, SipFlow flow)
    {
        if (IsFromBanned(bytes, flow))
        {
            return;
        }

        var failure = SipParser.Parse(bytes, Options.Limits, flow.Transport.IsStream(), out var message);
        if (failure != SipParseFailure.None)
        {
            ReceiveMalformed(message, bytes, flow, failure);
        }
        else if (message is SipRequest request)
        {
            ReceiveRequest(request, bytes, flow);
        }
        else
        {
            ReceiveResponse((SipResponse)message!, bytes, flow);
        }
    }

    /// <summary>Takes the front of a stream that cannot be framed any further; the connection closes after it.</summary>
    public void ReceiveBroken(ReadOnlySpan<byte> bytes, SipFlow flow, SipParseFailure failure)
    {
        SipParser.Parse(bytes, Options.Limits with { MessageBytes = int.MaxValue }, true, out var message);
        ReceiveMalformed(message, bytes, flow, failure);
    }

    /// <summary>Strangers under a ban are not read; only what may be the answer to a request of ours is looked at.</summary>
    private bool IsFromBanned(ReadOnlySpan<byte> bytes, SipFlow flow) =>
        Guard.HasBans
        && !(Transactions.ClientCount > 0 && bytes.StartsWith("SIP/2.0 "u8))
        && !(flow.IsReliable && flow.Channel.IsServed)
        && !Admits(flow.Peer)
        && Guard.Drops(flow.Remote.Address, mayProveItself: flow.IsReliable && Challenges(flow.Peer));

    private void Trace(ReadOnlySpan<byte> bytes, SipFlow flow) =>
        Options.Tap?.OnMessage(SipDirection.Received, flow.Transport, flow.Local, flow.Remote, bytes);

    private void ReceiveMalformed(SipMessage? message, ReadOnlySpan<byte> bytes, SipFlow flow, SipParseFailure failure)
    {
        if (failure == SipParseFailure.Empty)
        {
            return;
        }

        Statistics.CountFailure(failure);
        LogMalformed(flow.Remote, failure);
        if (!Admits(flow.Peer))
        {
            if (!_credentials.IsProven(flow.Remote.Address))
            {
                Guard.OnStrangersFailure(flow.Remote.Address, proven: flow.IsReliable);
            }
        }
        else if (message is SipRequest request)
        {
            Trace(bytes, flow);
            _gate.RefuseMalformed(request, flow, failure);
        }
    }

    private void ReceiveRequest(SipRequest request, ReadOnlySpan<byte> bytes, SipFlow flow)
    {
        Statistics.CountRequest(request.Method);
        ResponsePath.Stamp(request, flow);
        var key = TransactionKey.Of(request);
        if (request.Method == SipMethods.Ack)
        {
            Trace(bytes, flow);
            ReceiveAck(request, key);
            return;
        }

        var known = Admits(flow.Peer);
        if (!known && _policy.ChallengesFor(flow.Peer).Count == 0)
        {
            Statistics.CountRefusedPeer();
            Guard.OnStranger(flow.Remote.Address, request.Method == SipMethods.Invite, proven: flow.IsReliable);
            _gate.RefuseStranger(request, flow);
            flow.Channel.CloseAfterSending();
            return;
        }

        if (known)
        {
            Trace(bytes, flow);
        }

        if (Transactions.TryFind(key, out var transaction))
        {
            Statistics.CountRetransmissionReceived();
            transaction.Executor.Post(transaction.OnRetransmission);
        }
        else if (Transactions.TryFindFinished(key, out var finished))
        {
            Statistics.CountRetransmissionReceived();
            Repeat(finished);
        }
        else if (request.Method == SipMethods.Cancel)
        {
            ReceiveCancel(request, flow);
        }
        else if (_credentials.Admits(request, ref flow))
        {
            if (!known)
            {
                // What strangers send without good credentials takes no room in the trace.
                Trace(bytes, flow);
            }

            if (_gate.Admit(request, flow))
            {
                flow.Channel.OnServed();
                Open(request, flow);
            }
        }
    }

    private void Repeat(FinishedTransaction finished)
    {
        if (!finished.Response.IsEmpty)
        {
            Statistics.CountRetransmissionSent();
            finished.Path.Send(finished.Response, null);
        }
    }

    private void ReceiveAck(SipRequest ack, TransactionKey key)
    {
        if (Transactions.TryFind(key, out var found) && found is InviteServerTransaction transaction)
        {
            transaction.Executor.Post(() => transaction.OnAck(ack));
        }
        else if (FindDialog(ack) is { } dialog)
        {
            dialog.Executor.Post(() => dialog.OnAck(ack));
        }
    }

    private void ReceiveCancel(SipRequest cancel, SipFlow flow)
    {
        var key = TransactionKey.Of(cancel, SipMethods.Invite);
        if (!Transactions.TryFind(key, out var found) || found is not InviteServerTransaction invite)
        {
            // Too late for a call that is up: 200 that changes nothing (RFC 3261 section 9.2).
            _gate.Refuse(cancel, flow, Transactions.TryFindFinished(key, out _) ? 200 : 481);
            return;
        }

        var transaction = new NonInviteServerTransaction(this, cancel, flow, invite.Executor);
        if (Transactions.TryAdd(transaction))
        {
            transaction.Executor.Post(() =>
            {
                transaction.Respond(Responses.Build(transaction, 200, null, invite.User.LocalTag, default, null, []));
                invite.User.OnCancel(invite, cancel);
            });
        }
    }

    private void Open(SipRequest request, SipFlow flow)
    {
        if (request.Headers.Contains("Replaces") && (request.Method != SipMethods.Invite || request.To.Tag is not null))
        {
            // Only a call that begins can take the place of another (RFC 3891 section 3).
            _gate.Refuse(request, flow, 400, "Replaces Outside Of A New Call");
        }
        else if (request.To.Tag is not null)
        {
            OpenInDialog(request, flow);
        }
        else if (request.Method == SipMethods.Invite)
        {
            OpenInvite(request, flow);
        }
        else if (request.Method is SipMethods.Bye or SipMethods.Update or SipMethods.Info or SipMethods.Prack)
        {
            // They have no meaning outside of a dialog.
            _gate.Refuse(request, flow, 481);
        }
        else if (request.Method == SipMethods.Refer)
        {
            // Nobody makes us call others who is not in a call with us (RFC 3515 section 2.4.2).
            _gate.Refuse(request, flow, 603, "Refer Only Within A Call");
        }
        else
        {
            OpenForServer(request, flow, SipTokens.NewTag());
        }
    }

    private void OpenForServer(SipRequest request, SipFlow flow, string localTag)
    {
        var transaction = new NonInviteServerTransaction(this, request, flow, Stripe(request.CallId));
        if (Transactions.TryAdd(transaction))
        {
            transaction.Executor.Post(() =>
            {
                var incoming = new IncomingRequest(transaction, localTag);
                try
                {
                    _server!.OnRequest(incoming);
                }
                catch
                {
                    incoming.Respond(500);
                    throw;
                }
            });
        }
    }

    private void OpenInDialog(SipRequest request, SipFlow flow)
    {
        if (FindDialog(request) is not { } dialog)
        {
            if (request.Method is SipMethods.Subscribe or SipMethods.Notify)
            {
                // Only the application knows its subscriptions (RFC 6665 sections 4.1.3 and 4.2.1).
                OpenForServer(request, flow, request.To.Tag!);
                return;
            }

            _gate.Refuse(request, flow, 481);
            return;
        }

        ServerTransaction transaction = request.Method == SipMethods.Invite
            ? new InviteServerTransaction(this, request, flow, dialog)
            : new NonInviteServerTransaction(this, request, flow, dialog.Executor);
        if (!Transactions.TryAdd(transaction))
        {
            return;
        }

        (transaction as InviteServerTransaction)?.SendTrying();
        dialog.Executor.Post(() => dialog.OnRequest(transaction));
    }

    private void OpenInvite(SipRequest request, SipFlow flow)
    {
        if (request.Contact is null)
        {
            _gate.Refuse(request, flow, 400, "Missing Contact");
            return;
        }

        if (!TryFindReplaced(request, flow, out var replaced))
        {
            return;
        }

        // A call that takes the place of another belongs to the same actor.
        var dialog = new SipDialog(this, DialogRoute.OfServer(request, SipTokens.NewTag()), flow, replaced?.Dialog.Executor ?? NewExecutor()) { Replaced = replaced };
        var transaction = new InviteServerTransaction(this, request, flow, dialog);
        if (!Transactions.TryAdd(transaction))
        {
            return;
        }

        Dialogs.Add(dialog);
        transaction.SendTrying();
        Waiting.Enter();
        dialog.Executor.Post(() =>
        {
            Waiting.Leave();
            dialog.OnFirstInvite(transaction, _server!);
        });
    }

    /// <summary>The dialog that a Replaces header names (RFC 3891 section 3); false when the request was refused.</summary>
    private bool TryFindReplaced(SipRequest request, SipFlow flow, out ReplacedDialog? replaced)
    {
        replaced = null;
        var values = request.Headers.GetAll("Replaces").Take(2).ToList();
        if (values.Count == 0)
        {
            return true;
        }

        if (values.Count > 1 || !SipReplaces.TryParse(values[0], out var replaces))
        {
            return _gate.Refuse(request, flow, 400, "Bad Replaces");
        }

        if (!Dialogs.TryFind(new DialogKey(replaces.CallId, replaces.ToTag, replaces.FromTag == "0" ? "" : replaces.FromTag), out var dialog))
        {
            return _gate.Refuse(request, flow, 481);
        }

        replaced = new ReplacedDialog(dialog, replaces.IsEarlyOnly);
        return true;
    }

    private SipDialog? FindDialog(SipRequest request) =>
        request.To.Tag is { } local && Dialogs.TryFind(new DialogKey(request.CallId, local, request.From.Tag ?? ""), out var dialog) ? dialog : null;

    private void ReceiveResponse(SipResponse response, ReadOnlySpan<byte> bytes, SipFlow flow)
    {
        Statistics.CountReceived(response.Status);
        // A response with more than one Via went astray (RFC 3261 section 8.1.3.3).
        if (response.Vias.Count == 1 && response.Vias[0].Branch is { } branch
            && Transactions.TryFind(new ClientKey(branch, response.CSeq.Method), out var transaction))
        {
            Trace(bytes, flow);
            transaction.Executor.Post(() => transaction.OnResponse(response));
        }
        else
        {
            Statistics.CountStrayResponse();
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A SIP handler failed")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(2, LogLevel.Debug, "Refused a malformed SIP message from {Source}: {Failure}")]
    private partial void LogMalformed(System.Net.IPEndPoint source, SipParseFailure failure);
}
