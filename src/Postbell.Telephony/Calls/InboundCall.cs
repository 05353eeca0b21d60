using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Media;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Calls;

/// <summary>
/// One call that came in: the only place where a SIP dialog and a media session meet. Flows speak to it; it speaks SIP and SDP.
/// </summary>
/// <remarks>
/// Invariants: every member but <see cref="Snapshot"/> and the media events runs on the dialog's executor. <see cref="Hangup"/> is cancelled exactly
/// once, whatever ends the call first; <see cref="End"/> keeps that first reason. Hold, resume and codec changes reach the media session only.
/// </remarks>
public sealed class InboundCall : ISipDialogEvents, IMediaSessionEvents, IAsyncDisposable
{
    /// <summary>What is accepted in bodies.</summary>
    public const string SdpContentType = "application/sdp";

    private readonly IncomingInvite _invite;
    private readonly MediaSession _media;
    private readonly SdpNegotiation _negotiation;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _hangup = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WheelTimer? _maxDuration;
    private bool _awaitingAnswer;
    private bool _mediaStarted;
    private bool _dialogOpen;
    private volatile CallState _state = CallState.Connecting;

    /// <summary>Binds the call's RTP ports; nothing is answered yet.</summary>
    /// <exception cref="MediaPortsExhaustedException">No port is free.</exception>
    public InboundCall(TraceId id, IncomingInvite invite, CallRoute route, MediaEngine engine, TimerWheel wheel, ILogger log)
    {
        Id = id;
        Route = route;
        _invite = invite;
        _wheel = wheel;
        _log = log;
        StartedAt = wheel.Time.GetUtcNow();
        _media = engine.Open(invite.LocalEndPoint.Address, this);
        _negotiation = new SdpNegotiation(_media.LocalRtp, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 2, security: SecurityOf(route, invite.Transport));
    }

    /// <summary>Names the call in log, ledger and message.</summary>
    public TraceId Id { get; }

    /// <summary>For whom, from whom, under which rules.</summary>
    public CallRoute Route { get; }

    /// <summary>When the INVITE came.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>IANA name of the zone the server stands in; null when the system does not say.</summary>
    public string? ServerTimeZone => _wheel.Time.LocalTimeZone is { HasIanaId: true } zone ? zone.Id : null;

    /// <summary>SIP Call-ID.</summary>
    public string CallId => _invite.Request.CallId;

    /// <summary>Cancelled when the call is over, for whatever reason.</summary>
    public CancellationToken Hangup => _hangup.Token;

    /// <summary>Why the call ended; <see cref="CallEnd.None"/> while it runs.</summary>
    public CallEnd End { get; private set; }

    /// <summary>Packets, loss and jitter so far.</summary>
    public MediaStatistics MediaStatistics => _media.Statistics;

    /// <summary>
    /// Answers: 180, then 200 with the answer to the caller's offer, or with our own offer when there was none; then the caller's answer comes with the
    /// ACK and is waited for. Media starts at once in the first case.
    /// </summary>
    /// <returns>Null when the call is connected; otherwise why it was refused (the final response was sent).</returns>
    /// <exception cref="OperationCanceledException">The caller gave up, or never acknowledged.</exception>
    public async Task<CallRejection?> AnswerAsync()
    {
        using var cancelled = _invite.Cancelled.UnsafeRegister(static call => ((InboundCall)call!).Post(CallEnd.Cancelled), this);
        if (_invite.Cancelled.IsCancellationRequested)
        {
            Finish(CallEnd.Cancelled);
            Hangup.ThrowIfCancellationRequested();
        }

        ReadOnlyMemory<byte> body;
        if (_invite.Offer.IsEmpty)
        {
            if (_negotiation.OfferObstacle is not SdpRejection.None and var obstacle)
            {
                return SdpRefusal.Of(obstacle);
            }

            body = _negotiation.CreateOffer();
            _awaitingAnswer = true;
        }
        else
        {
            var outcome = _negotiation.NegotiateAnswer(_invite.Offer.Span);
            if (!outcome.IsAgreed)
            {
                return SdpRefusal.Of(outcome.Rejection);
            }

            body = outcome.Audio.Body;
            StartMedia(outcome.Audio);
        }

        _invite.Provisional(180, "Ringing");
        _dialogOpen = true;
        _invite.Accept(body, SdpContentType, this);
        _maxDuration = _wheel.Schedule(Route.DialPlan.MaxCallDuration, _invite.Dialog.Executor, () => HangUp(CallEnd.MaxDuration));
        if (_awaitingAnswer)
        {
            await using var hangup = Hangup.UnsafeRegister(static call => ((InboundCall)call!)._connected.TrySetCanceled(), this);
            await _connected.Task;
        }

        return null;
    }

    /// <summary>Plays clips; a key of <paramref name="interruptedBy"/> ends it.</summary>
    /// <exception cref="OperationCanceledException">The call ended.</exception>
    public Task<PlayResult> PlayAsync(PlayList list, DigitSet interruptedBy)
    {
        _state = CallState.Playing;
        return _media.PlayAsync(list, interruptedBy, Hangup);
    }

    /// <summary>Records the caller. The end of the call ends it with <see cref="RecordEnd.Cancelled"/>, not with an exception.</summary>
    public Task<RecordResult> RecordAsync(IRecordingSink sink, RecordLimits limits)
    {
        _state = CallState.Recording;
        return _media.RecordAsync(sink, limits, Hangup);
    }

    /// <summary>The next key, or null when none was pressed in time.</summary>
    /// <exception cref="OperationCanceledException">The call ended.</exception>
    public Task<char?> CollectDigitAsync(TimeSpan timeout)
    {
        _state = CallState.Menu;
        return _media.CollectDigitAsync(timeout, Hangup);
    }

    /// <summary>Forgets keys typed ahead.</summary>
    public void ClearDigits() => _media.ClearDigits();

    /// <summary>Ends the call from our side; nothing more when it is over already.</summary>
    public void HangUp(CallEnd why = CallEnd.Completed)
    {
        if (_dialogOpen)
        {
            _dialogOpen = false;
            _invite.Dialog.Bye();
        }

        Finish(why);
    }

    /// <summary>As <see cref="HangUp"/>, from any thread.</summary>
    public void Post(CallEnd why) => _invite.Dialog.Executor.Post(() => HangUp(why));

    /// <summary>The call for administrators. Any thread.</summary>
    public CallSnapshot Snapshot() => new(
        Id,
        CallId,
        Route.Gateway.Name,
        Route.DialPlan.Name,
        Route.Person.Extension,
        Route.Person.DisplayName,
        Route.CallingParty.Number ?? "",
        Route.Caller?.DisplayName ?? Route.CallingParty.Name ?? "",
        _state,
        StartedAt,
        _wheel.Time.GetUtcNow() - StartedAt);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Finish(CallEnd.Completed);
        _hangup.Dispose();
        return _media.DisposeAsync();
    }

    void ISipDialogEvents.OnAcknowledged(SipRequest ack)
    {
        if (!_awaitingAnswer)
        {
            return;
        }

        _awaitingAnswer = false;
        var outcome = _negotiation.AcceptAnswer(ack.SessionDescription.Span);
        if (outcome.IsAgreed)
        {
            StartMedia(outcome.Audio);
            _connected.TrySetResult();
        }
        else
        {
            Log.BadAnswer(_log, Id, outcome.Rejection.ToString());
            HangUp(CallEnd.BadAnswer);
        }
    }

    void ISipDialogEvents.OnOffer(IncomingReinvite reinvite)
    {
        if (!reinvite.HasOffer)
        {
            OfferAgain(reinvite);
            return;
        }

        var outcome = _negotiation.NegotiateAnswer(reinvite.Offer.Span);
        if (!outcome.IsAgreed)
        {
            // The call goes on as it was (RFC 3261 section 14.2).
            var refusal = SdpRefusal.Of(outcome.Rejection);
            reinvite.Reject(refusal.Status, refusal.Phrase);
            return;
        }

        StartMedia(outcome.Audio);
        reinvite.Accept(outcome.Audio.Body, SdpContentType);
    }

    void ISipDialogEvents.OnRefreshed(SipResponse answer)
    {
        var outcome = _negotiation.AcceptAnswer(answer.SessionDescription.Span);
        if (outcome.IsAgreed)
        {
            StartMedia(outcome.Audio);
        }
    }

    /// <summary>INFO brings keys; one without body only asks whether the call is still there.</summary>
    void ISipDialogEvents.OnRequest(IncomingRequest request)
    {
        if (request.Request.Method != SipMethods.Info)
        {
            request.Respond(405, "Method Not Allowed");
        }
        else if (request.Request.Body.IsEmpty)
        {
            request.Respond(200);
        }
        else if (!KeyReport.IsReport(request.Request.ContentType))
        {
            request.Respond(415, null, new SipHeader("Accept", KeyReport.ContentTypes));
        }
        else if (KeyReport.TryRead(request.Request.Body.Span, out var report))
        {
            _media.PressElsewhere(report.Key, report.Duration);
            request.Respond(200);
        }
        else
        {
            request.Respond(400, "Not A Key");
        }
    }

    void ISipDialogEvents.OnEnded(SipDialogEnd end)
    {
        _dialogOpen = false;
        Finish(end.Kind switch
        {
            SipDialogEndKind.Bye => CallEnd.Caller,
            SipDialogEndKind.LocalBye => CallEnd.Completed,
            SipDialogEndKind.NoAck => CallEnd.NoAck,
            _ => CallEnd.PeerLost,
        });
    }

    void IMediaSessionEvents.OnDigit(char digit, int durationMs)
    {
        // Flows take keys from the session's queue; nobody listens to single events yet.
    }

    void IMediaSessionEvents.OnRtpTimeout() => Post(CallEnd.MediaTimeout);

    /// <summary>A re-INVITE without offer asks for ours; an UPDATE without one only refreshes the target.</summary>
    private void OfferAgain(IncomingReinvite reinvite)
    {
        if (reinvite.Request.Method == SipMethods.Update)
        {
            reinvite.Accept(default, SdpContentType);
            return;
        }

        if (_negotiation.OfferObstacle is not SdpRejection.None and var obstacle)
        {
            var refusal = SdpRefusal.Of(obstacle);
            reinvite.Reject(refusal.Status, refusal.Phrase);
            return;
        }

        _awaitingAnswer = true;
        reinvite.Accept(_negotiation.CreateOffer(), SdpContentType);
    }

    private static SdpSecurity SecurityOf(CallRoute route, SipTransport transport) => new()
    {
        Mode = route.DialPlan.VoipSecurity == VoipSecurity.Secured ? MediaSecurity.Required : route.Gateway.MediaSecurity,
        MaySendKeys = route.Gateway.AllowSdesOverClear || transport.IsEncrypted(),
    };

    private void StartMedia(NegotiatedAudio audio)
    {
        if (_mediaStarted)
        {
            _media.Update(audio);
            return;
        }

        _mediaStarted = true;
        _media.Start(audio, Route.Gateway.Symmetric);
    }

    private void Finish(CallEnd why)
    {
        if (End != CallEnd.None)
        {
            return;
        }

        End = why;
        _state = CallState.Ended;
        _maxDuration?.Cancel();
        _hangup.Cancel();
    }
}
