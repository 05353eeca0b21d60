using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Delivery;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Media.Recording;
using Postbell.Sip;
using Postbell.Sip.Events;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallAnswering;
using Postbell.Telephony.CallRouting;
using Postbell.Telephony.Calls;
using Postbell.Telephony.TextMessages;

namespace Postbell.Telephony;

/// <summary>
/// The telephone side of the server: takes what the SIP endpoint hands over, decides what a call is, and runs its flow.
/// </summary>
public sealed class TelephonyService : ISipServer
{
    private static readonly TimeSpan s_conclusion = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quota = TimeSpan.FromSeconds(2);

    private readonly TelephonyOptions _options;
    private readonly PeopleDirectory _directory;
    private readonly MediaEngine _media;
    private readonly Spool _spool;
    private readonly MailStore _store;
    private readonly CallAnnouncements _announcements;
    private readonly EventNotifier _events;
    private readonly TextMessageIntake _texts;
    private readonly OutboundCalls _outbound;
    private readonly TelephonyStatistics _statistics;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;

    /// <summary>Puts the telephone side together; calls come once the SIP endpoint is started with it.</summary>
    public TelephonyService(
        TelephonyOptions options,
        PeopleDirectory directory,
        MediaEngine media,
        Spool spool,
        MailStore store,
        CallAnnouncements announcements,
        EventNotifier events,
        TextMessageIntake texts,
        OutboundCalls outbound,
        TelephonyStatistics statistics,
        TimerWheel wheel,
        ILogger<TelephonyService> log)
    {
        _options = options;
        _directory = directory;
        _media = media;
        _spool = spool;
        _store = store;
        _announcements = announcements;
        _events = events;
        _texts = texts;
        _outbound = outbound;
        _statistics = statistics;
        _wheel = wheel;
        _log = log;
        Calls = new ActiveCalls(options.MaxCalls);
    }

    /// <summary>The calls in progress.</summary>
    public ActiveCalls Calls { get; }

    /// <summary>Takes or refuses a call.</summary>
    public void OnInvite(IncomingInvite invite)
    {
        if (invite.Replaces is { } replaced)
        {
            Replace(invite, replaced);
            return;
        }

        var (route, rejection) = CallRouter.Route(_directory.Current, invite.Request, invite.Peer);
        if (route is not null && _outbound.ComesBack(route))
        {
            rejection = CallRejection.OwnCall;
        }

        rejection ??= Capacity();
        if (rejection is null && !Calls.TryEnter())
        {
            rejection = Calls.IsClosed ? CallRejection.ShuttingDown : CallRejection.TooManyCalls;
        }

        if (rejection is not null || route is null)
        {
            rejection ??= CallRejection.UnknownMailbox;
            _statistics.CountCall(rejection.Name);
            Refuse(invite, rejection);
            return;
        }

        if (Open(invite, route) is { } call)
        {
            _ = RunAsync(call, invite);
        }
    }

    /// <summary>Answers requests outside of dialogs.</summary>
    public void OnRequest(IncomingRequest request)
    {
        switch (request.Request.Method)
        {
            case SipMethods.Options:
                AnswerOptions(request);
                break;
            case SipMethods.Subscribe:
                _events.OnSubscribe(request);
                break;
            case SipMethods.Message:
                _texts.OnMessage(request);
                break;
            case SipMethods.Notify:
                request.Respond(481, "Subscription Does Not Exist");
                break;
            default:
                request.Respond(405, "Method Not Allowed");
                break;
        }
    }

    /// <summary>Takes no more calls, waits for those in progress until <paramref name="drain"/> is cancelled, then hangs up and gives them 10 s more; messages are kept.</summary>
    public async Task StopAsync(CancellationToken drain)
    {
        Calls.Close();
        _outbound.Close();
        var empty = Calls.WhenEmptyAsync();
        try
        {
            await empty.WaitAsync(drain);
        }
        catch (OperationCanceledException)
        {
            Calls.EndAll(CallEnd.Shutdown);
            _outbound.EndAll(CallEnd.Shutdown);
            await ConcludeAsync(empty);
        }
    }

    /// <summary>A call that comes in place of another goes on with its conversation; no place is taken.</summary>
    private void Replace(IncomingInvite invite, SipDialog replaced)
    {
        var gateway = _directory.Current.Organization.FindGateway(invite.Peer);
        var rejection = Calls.Find(replaced) is { } call ? call.TakeOver(invite, gateway) : CallRejection.ReplacementForbidden;
        if (rejection is not null)
        {
            _statistics.CountCall(rejection.Name);
            Refuse(invite, rejection);
        }
    }

    /// <summary>A call in the place that was taken for it; null when it was refused, and then the place is free again.</summary>
    private InboundCall? Open(IncomingInvite invite, CallRoute route)
    {
        var rejection = CallRejection.Fault;
        try
        {
            var call = new InboundCall(TraceId.New(_wheel.Time), invite, route, _media, _options.Voice, _wheel, _log)
            {
                OnText = request => _texts.OnMessage(request, new MailboxTarget(route.Gateway, route.DialPlan, route.Policy, route.Person)),
            };
            invite.NameTrace(call.Id);
            return call;
        }
        catch (MediaPortsExhaustedException)
        {
            rejection = CallRejection.NoMediaPort;
        }
        catch (Exception fault)
        {
            Log.CallNotOpened(_log, invite.Request.CallId, fault);
        }

        Calls.Leave();
        _statistics.CountCall(rejection.Name);
        Refuse(invite, rejection);
        return null;
    }

    /// <summary>A disk that hangs must not keep the server from stopping: what it has of those calls is found at the next start.</summary>
    private async Task ConcludeAsync(Task empty)
    {
        try
        {
            await empty.WaitAsync(s_conclusion, _wheel.Time);
        }
        catch (TimeoutException)
        {
            Log.CallsLeft(_log, Calls.Count, s_conclusion.TotalSeconds);
        }
    }

    private CallRejection? Capacity() =>
        Calls.IsClosed ? CallRejection.ShuttingDown : _spool.Refusal != JournalRefusal.None ? CallRejection.SpoolUnavailable : null;

    private async Task RunAsync(InboundCall call, IncomingInvite invite)
    {
        var result = "failed";
        try
        {
            Calls.Add(call);
            Log.CallStarted(_log, call.Id, call.Route.CallingParty.Number ?? "anonymous", call.Route.Person.Extension, call.Route.Gateway.Name, call.CallId);
            if (await call.AnswerAsync() is { } rejection)
            {
                Refuse(invite, rejection);
                result = rejection.Name;
                return;
            }

            RecordStep(call, LedgerStage.Answered, $"{call.Route.CalledParty} through {call.Route.Gateway.Name}");
            var flow = new CallAnsweringFlow(call, _announcements, _spool, (step, detail) => RecordStep(call, step, detail), () => IsFullAsync(call), _log);
            await flow.RunAsync();
            result = Label(flow.Result);
        }
        catch (OperationCanceledException) when (call.Hangup.IsCancellationRequested)
        {
            result = Label(call.End);
        }
        catch (Exception fault)
        {
            Log.CallFailed(_log, call.Id, fault);
            call.HangUp(CallEnd.Fault);
            if (!invite.IsAnswered)
            {
                // A fault of ours is not the caller's silence.
                Refuse(invite, CallRejection.Fault);
            }
        }
        finally
        {
            _statistics.CountCall(result);
            if (call.End is CallEnd.NoAck or CallEnd.MediaTimeout or CallEnd.BadAnswer or CallEnd.PeerLost or CallEnd.Fault)
            {
                invite.ReportFailure(call.End.ToString());
            }

            Log.CallEnded(_log, call.Id, Label(call.End), (_wheel.Time.GetUtcNow() - call.StartedAt).TotalSeconds, result);
            ReportQuality(call, invite);
            Calls.Remove(call);
            await call.DisposeAsync();
            Calls.Leave();
        }
    }

    /// <summary>Tells the log, the trace and the metrics how the call sounded; whoever wonders about a garbled message finds it in its ledger.</summary>
    private void ReportQuality(InboundCall call, IncomingInvite invite)
    {
        var quality = call.MediaStatistics.Quality;
        if (!quality.IsKnown)
        {
            return;
        }

        var text = QualityText.Of(quality);
        _statistics.Quality.Add(quality);
        invite.NoteInTrace(text);
        Log.CallQuality(_log, call.Id, text);
        if (quality.Mos < QualityText.Poor)
        {
            RecordStep(call, LedgerStage.PoorAudio, text);
        }
    }

    private static string Label<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private void Refuse(IncomingInvite invite, CallRejection rejection)
    {
        Log.CallRefused(_log, rejection.Status, rejection.Name, rejection.Text, invite.Request.CallId, invite.Source.ToString());
        SipHeader[] headers = rejection.RetryAfter is { } seconds
            ? [new("ms-diagnostics", rejection.Diagnostics(_options.ServerName)), new("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture))]
            : [new("ms-diagnostics", rejection.Diagnostics(_options.ServerName))];
        invite.ReportFailure(rejection.Name);
        invite.Reject(rejection.Status, rejection.Phrase, headers);
    }

    /// <summary>200 while calls are taken, 503 otherwise: that is what health probes of PBXs look at (reference 1.11).</summary>
    private void AnswerOptions(IncomingRequest request)
    {
        if (Capacity() is { } rejection)
        {
            request.Respond(503, rejection.Phrase, new SipHeader("Retry-After", "5"));
        }
        else
        {
            request.Respond(200, "OK", new SipHeader("Accept", TextBody.Accepts), new SipHeader("Allow-Events", _events.AllowEvents));
        }
    }

    /// <summary>A store that does not answer keeps nobody from speaking: the recording waits in the spool.</summary>
    private async Task<bool> IsFullAsync(InboundCall call)
    {
        try
        {
            var usage = await _store.ReadUsageAsync(call.Route.Person.AccountId, CancellationToken.None).WaitAsync(s_quota, _wheel.Time);
            return usage.Level == QuotaLevel.Full;
        }
        catch (Exception fault) when (fault is MailboxException or TimeoutException)
        {
            Log.QuotaUnknown(_log, call.Id, fault);
            return false;
        }
    }

    /// <summary>The call does not wait for its ledger.</summary>
    private void RecordStep(InboundCall call, string step, string detail) => _ = RecordStepAsync(call, step, detail);

    private async Task RecordStepAsync(InboundCall call, string step, string detail)
    {
        try
        {
            await _store.AppendLedgerAsync(call.Id, step, detail, CancellationToken.None);
        }
        catch (Exception fault)
        {
            Log.LedgerStepLost(_log, call.Id, step, fault);
        }
    }
}
