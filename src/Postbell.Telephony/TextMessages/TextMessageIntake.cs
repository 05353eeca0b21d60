using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Delivery;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Media.Recording;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.TextMessages;

/// <summary>
/// Text messages of gateways (RFC 3428): what is sent to somebody's number becomes a message in that person's mailbox. The sender hears 202 once it is
/// durable in the spool, and not before; the pipeline does the rest. Safe from any thread.
/// </summary>
public sealed class TextMessageIntake
{
    private const int MostAtOnce = 64;

    // The sender gives up after 32 s; a refusal that it hears is better.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quota = TimeSpan.FromSeconds(2);

    private readonly PeopleDirectory _directory;
    private readonly Spool _spool;
    private readonly MailStore _store;
    private readonly TelephonyOptions _options;
    private readonly TelephonyStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private int _underWay;

    /// <summary>Takes messages as soon as it is made.</summary>
    public TextMessageIntake(
        TelephonyOptions options, PeopleDirectory directory, Spool spool, MailStore store, TelephonyStatistics statistics, TimeProvider time, ILogger<TextMessageIntake> log)
    {
        _options = options;
        _directory = directory;
        _spool = spool;
        _store = store;
        _statistics = statistics;
        _time = time;
        _log = log;
    }

    /// <summary>Answers a MESSAGE outside of calls.</summary>
    public void OnMessage(IncomingRequest request)
    {
        var (target, rejection) = MailboxTarget.Find(_directory.Current, request.Request, request.Peer);
        if (target is { Gateway.Status: GatewayStatus.NoNewCalls })
        {
            rejection = CallRejection.GatewayNoNewCalls;
        }

        if (rejection is null)
        {
            OnMessage(request, target!);
        }
        else
        {
            Refuse(request, new TextRefusal(rejection.Status, rejection.Phrase, rejection.Name, new SipHeader("ms-diagnostics", rejection.Diagnostics(_options.ServerName))));
        }
    }

    /// <summary>Answers a MESSAGE for somebody who is known already: one within a call.</summary>
    internal void OnMessage(IncomingRequest request, MailboxTarget target) => _ = AnswerAsync(request, target);

    private async Task AnswerAsync(IncomingRequest request, MailboxTarget target)
    {
        TextRefusal? refusal = TextRefusal.Fault;
        try
        {
            refusal = Interlocked.Increment(ref _underWay) > MostAtOnce ? TextRefusal.TooMany : await TakeAsync(request, target);
        }
        catch (Exception fault)
        {
            Log.TextNotTaken(_log, request.Request.CallId, fault);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        if (refusal is not null)
        {
            Refuse(request, refusal);
            return;
        }

        _statistics.CountTextMessage("accepted");
        request.Respond(202, "Accepted");
    }

    /// <summary>Puts the message into the spool; null once it is durable, else the refusal.</summary>
    private async Task<TextRefusal?> TakeAsync(IncomingRequest request, MailboxTarget target)
    {
        if (!target.Policy.AllowTextMessages)
        {
            return TextRefusal.NotAllowed;
        }

        var (text, refusal) = TextBody.Read(request.Request);
        if (text is null)
        {
            return refusal;
        }

        if (_spool.Refusal != JournalRefusal.None)
        {
            return TextRefusal.SpoolUnavailable;
        }

        if (await IsFullAsync(target.Person.AccountId, request.Request.CallId))
        {
            return TextRefusal.MailboxFull;
        }

        var envelope = Draft(request.Request, target, text);
        try
        {
            await _spool.SubmitTextAsync(envelope, CancellationToken.None).WaitAsync(s_patience, _time);
        }
        catch (JournalRefusedException)
        {
            return TextRefusal.SpoolUnavailable;
        }
        catch (TimeoutException)
        {
            return TextRefusal.TooSlow;
        }

        Log.TextTaken(_log, envelope.Id, envelope.CallerNumber ?? "anonymous", target.Person.Extension, target.Gateway.Name, text.Length, request.Request.CallId);
        return null;
    }

    private MessageEnvelope Draft(SipRequest request, MailboxTarget target, string text)
    {
        var sender = CallingParty.Of(request);
        var known = _directory.Current.FindCaller(target.DialPlan.Name, sender.Number);
        return new MessageEnvelope
        {
            Id = TraceId.New(_time),
            Kind = MessageKind.Text,
            Text = text,
            AccountId = target.Person.AccountId,
            RecipientName = target.Person.DisplayName,
            RecipientAddress = target.Person.EmailAddress,
            CallerNumber = sender.Number,
            CallerName = known?.DisplayName ?? sender.Name,
            CallerAddress = known?.EmailAddress,
            CalledNumber = target.Person.Extension,
            ReceivedAt = _time.GetUtcNow(),
            CallId = request.CallId,
            Language = target.DialPlan.DefaultLanguage,
            TimeZone = target.DialPlan.TimeZone ?? (_time.LocalTimeZone is { HasIanaId: true } zone ? zone.Id : null),
            GatewayName = target.Gateway.Name,
        };
    }

    /// <summary>A store that does not answer keeps nobody from being written to: the message waits in the spool.</summary>
    private async Task<bool> IsFullAsync(long account, string callId)
    {
        try
        {
            return (await _store.ReadUsageAsync(account, CancellationToken.None).WaitAsync(s_quota, _time)).Level == QuotaLevel.Full;
        }
        catch (Exception fault) when (fault is MailboxException or TimeoutException)
        {
            Log.TextQuotaUnknown(_log, callId, fault);
            return false;
        }
    }

    private void Refuse(IncomingRequest request, TextRefusal refusal)
    {
        _statistics.CountTextMessage(refusal.Name);
        Log.TextRefused(_log, refusal.Status, refusal.Name, request.Request.CallId, request.Source.ToString());
        request.Respond(refusal.Status, refusal.Phrase, refusal.Headers);
    }
}
