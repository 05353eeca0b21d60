using Microsoft.Extensions.Logging;
using Postbell.Core;
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
public sealed partial class InboundCall : ISipDialogEvents, IMediaSessionEvents, IAsyncDisposable
{
    /// <summary>What is accepted in bodies.</summary>
    public const string SdpContentType = CallMedia.SdpContentType;

    private readonly IncomingInvite _invite;
    private readonly CallMedia _audio;
    private readonly KeyPresses _presses;
    private readonly MediaSession _media;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _hangup = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WheelTimer? _maxDuration;
    private SipDialog _dialog;
    private bool _dialogOpen;
    private volatile CallState _state = CallState.Connecting;

    /// <summary>Binds the call's RTP ports; nothing is answered yet.</summary>
    /// <exception cref="MediaPortsExhaustedException">No port is free.</exception>
    public InboundCall(TraceId id, IncomingInvite invite, CallRoute route, MediaEngine engine, SdpVoice voice, TimerWheel wheel, ILogger log)
    {
        Id = id;
        Route = route;
        _invite = invite;
        _dialog = invite.Dialog;
        _wheel = wheel;
        _log = log;
        StartedAt = wheel.Time.GetUtcNow();
        _media = engine.Open(invite.LocalEndPoint.Address, this);
        _audio = new CallMedia(_media, route.DialPlan, route.Gateway, invite.Transport, voice);
        _presses = new KeyPresses(_media, route.Gateway.Dtmf);
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

    /// <summary>The actor of the call.</summary>
    public SerialExecutor Executor => _dialog.Executor;

    /// <summary>The audio of the call, to be bridged with another one.</summary>
    public MediaSession Media => _media;

    /// <summary>Answers a MESSAGE within the call.</summary>
    internal Action<IncomingRequest> OnText { get; init; } = static request => request.Respond(405);

    /// <summary>The INVITE that opened the call.</summary>
    internal SipRequest Invite => _invite.Request;

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

        var (body, refusal) = _invite.Offer.IsEmpty ? _audio.OfferForAck() : _audio.Answer(_invite.Offer);
        if (refusal is not null)
        {
            return refusal;
        }

        _invite.Provisional(180, "Ringing");
        _dialogOpen = true;
        _invite.Accept(body, SdpContentType, this);
        _maxDuration = _wheel.Schedule(Route.DialPlan.MaxCallDuration, _dialog.Executor, () => HangUp(CallEnd.MaxDuration));
        if (_audio.AwaitsAnswer)
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

    /// <summary>Listens for the tones of fax machines, or no more; what was heard is noted in the call's trace.</summary>
    public void ListenForFaxTones(bool on) => _media.ListenForFaxTones(on);

    /// <summary>Forgets keys typed ahead.</summary>
    public void ClearDigits() => _media.ClearDigits();

    /// <summary>Ends the call from our side; nothing more when it is over already.</summary>
    public void HangUp(CallEnd why = CallEnd.Completed)
    {
        // The reason first: BYE ends the dialog at once, and its own end is only "completed".
        Finish(why);
        if (_dialogOpen)
        {
            _dialogOpen = false;
            _dialog.Bye(why.ToReason());
        }
    }

    /// <summary>As <see cref="HangUp"/>, from any thread.</summary>
    public void Post(CallEnd why) => _dialog.Executor.Post(() => HangUp(why));

    /// <summary>Adds one line to the trace of the call. Any thread.</summary>
    public void NoteInTrace(string note) => _invite.NoteInTrace(note);

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
        _wheel.Time.GetUtcNow() - StartedAt,
        MediaStatistics.Quality);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Finish(CallEnd.Completed);
        _hangup.Dispose();
        return _media.DisposeAsync();
    }

    void ISipDialogEvents.OnAcknowledged(SipRequest ack)
    {
        if (!_audio.AwaitsAnswer)
        {
            return;
        }

        var problem = _audio.TakeAnswer(ack.SessionDescription);
        if (problem == SdpRejection.None)
        {
            _connected.TrySetResult();
        }
        else
        {
            Log.BadAnswer(_log, Id, problem.ToString());
            HangUp(CallEnd.BadAnswer);
        }
    }

    void ISipDialogEvents.OnOffer(IncomingReinvite reinvite) => _audio.OnOffer(reinvite);

    void ISipDialogEvents.OnRefreshed(SipResponse answer) => _audio.TakeAnswer(answer.SessionDescription);

    void ISipDialogEvents.OnRequest(IncomingRequest request)
    {
        if (request.Request.Method == SipMethods.Message)
        {
            OnText(request);
        }
        else
        {
            _audio.OnRequest(request);
        }
    }

    void ISipDialogEvents.OnEnded(SipDialogEnd end)
    {
        if (end.Kind == SipDialogEndKind.Replaced)
        {
            // The call goes on in another dialog.
            return;
        }

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

    void IMediaSessionEvents.OnFaxTone(FaxTone tone) => Executor.Post(() => NoteInTrace($"fax tone heard: {(tone == FaxTone.Calling ? "CNG" : "CED")}"));

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
