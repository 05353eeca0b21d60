using System.Net;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Quality;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.Calls;

/// <summary>One call that we make through a gateway: INVITE with our offer, ringing, early media, and after the answer the same verbs as a call that came in.</summary>
/// <remarks>
/// Invariants: every member but <see cref="Post"/> and the media events runs on <see cref="Executor"/>. <see cref="Hangup"/> is cancelled exactly once,
/// whatever ends the call first. <see cref="Result"/> ends always, and before <see cref="Hangup"/> when the call was never answered.
/// </remarks>
public sealed class OutboundCall : IOutgoingInviteEvents, IMediaSessionEvents, IAsyncDisposable
{
    private readonly CallMedia _audio;
    private readonly OutboundCallRequest _request;
    private readonly Action<OutboundCall> _ended;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _hangup = new();
    private readonly TaskCompletionSource<OutboundResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OutgoingInvite? _invite;
    private string? _earlyTag;

    internal OutboundCall(
        TraceId id, OutboundCallRequest request, MediaEngine engine, IPAddress local, Action<OutboundCall> ended, ILogger log)
    {
        Id = id;
        _request = request;
        _ended = ended;
        _log = log;
        _audio = new CallMedia(engine.Open(local, this), request.DialPlan, request.Gateway, request.Destinations[0].Transport, request.Voice);
    }

    /// <summary>Names the call in the log.</summary>
    public TraceId Id { get; }

    /// <summary>The actor of the call.</summary>
    public SerialExecutor Executor => _invite!.Executor;

    /// <summary>SIP Call-ID.</summary>
    public string CallId => _invite!.Request.CallId;

    /// <summary>Ends when the call is answered or has failed; never faults.</summary>
    public Task<OutboundResult> Result => _result.Task;

    /// <summary>The called telephone rings, or its network says something instead.</summary>
    public bool IsRinging { get; private set; }

    /// <summary>The network plays its own ring-back or announcement: what it sends is heard already.</summary>
    public bool HasEarlyMedia => _earlyTag is not null;

    /// <summary>Cancelled when the call is over or was never answered.</summary>
    public CancellationToken Hangup => _hangup.Token;

    /// <summary>Why the call ended; <see cref="CallEnd.None"/> while it runs.</summary>
    public CallEnd End { get; private set; }

    /// <summary>The audio of the call, to be bridged with another one.</summary>
    public MediaSession Media => _audio.Session;

    /// <summary>The dialog, once answered.</summary>
    internal SipDialog? Dialog => _invite?.Dialog;

    /// <summary>What it was made for.</summary>
    internal OutboundCallRequest Request => _request;

    /// <summary>How it sounded until its end.</summary>
    internal MediaQuality? EndQuality { get; private set; }

    /// <summary>What <see cref="Result"/> ended with; counts once it has.</summary>
    internal OutboundResult Outcome { get; private set; }

    /// <summary>Plays clips; a key of <paramref name="interruptedBy"/> ends it.</summary>
    /// <exception cref="OperationCanceledException">The call ended.</exception>
    public Task<PlayResult> PlayAsync(PlayList list, DigitSet interruptedBy) => Media.PlayAsync(list, interruptedBy, Hangup);

    /// <summary>Records the called party. The end of the call ends it with <see cref="RecordEnd.Cancelled"/>, not with an exception.</summary>
    public Task<RecordResult> RecordAsync(IRecordingSink sink, RecordLimits limits) => Media.RecordAsync(sink, limits, Hangup);

    /// <summary>The next key, or null when none was pressed in time.</summary>
    /// <exception cref="OperationCanceledException">The call ended.</exception>
    public Task<char?> CollectDigitAsync(TimeSpan timeout) => Media.CollectDigitAsync(timeout, Hangup);

    /// <summary>Ends the call, or gives it up while it rings.</summary>
    public void HangUp(CallEnd why = CallEnd.Completed)
    {
        if (End != CallEnd.None || _invite is null)
        {
            return;
        }

        // The reason first: BYE ends the dialog at once, and its own end is only "completed".
        Finish(why, OutboundResult.GivenUp);
        if (_invite.Dialog is { } dialog)
        {
            dialog.Bye(why.ToReason());
        }
        else
        {
            _invite.Cancel(why.ToReason());
        }
    }

    /// <summary>As <see cref="HangUp"/>, from any thread.</summary>
    public void Post(CallEnd why) => _invite?.Executor.Post(() => HangUp(why));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Post(CallEnd.Completed);
        await _audio.DisposeAsync();
    }

    void IOutgoingInviteEvents.OnProvisional(SipResponse response)
    {
        IsRinging |= response.Status is 180 or 183;
        // Of a fork the first branch that sends something is heard.
        if (_earlyTag is null && !response.SessionDescription.IsEmpty && _audio.TakeAnswer(response.SessionDescription) == SdpRejection.None)
        {
            _earlyTag = response.To.Tag ?? "";
        }
    }

    void IOutgoingInviteEvents.OnAnswered(SipDialog dialog, SipResponse response)
    {
        var repeats = response.SessionDescription.IsEmpty && _earlyTag == (response.To.Tag ?? "");
        var problem = repeats ? SdpRejection.None : _audio.TakeAnswer(response.SessionDescription);
        if (problem == SdpRejection.None)
        {
            Settle(OutboundResult.Answered);
            return;
        }

        Log.BadAnswer(_log, Id, problem.ToString());
        // The ACK leaves when this returns; BYE comes after it.
        Post(CallEnd.BadAnswer);
    }

    void IOutgoingInviteEvents.OnFailed(SipResponse response) => Finish(CallEnd.PeerLost, response.Status switch
    {
        486 or 600 => OutboundResult.Busy,
        408 or 480 or 487 => OutboundResult.NoAnswer,
        482 => OutboundResult.Loop,
        >= 500 and < 600 => OutboundResult.Failed,
        _ => OutboundResult.Refused,
    });

    void ISipDialogEvents.OnAcknowledged(SipRequest ack)
    {
        if (_audio.AwaitsAnswer && _audio.TakeAnswer(ack.SessionDescription) is not SdpRejection.None and var problem)
        {
            Log.BadAnswer(_log, Id, problem.ToString());
            HangUp(CallEnd.BadAnswer);
        }
    }

    void ISipDialogEvents.OnOffer(IncomingReinvite reinvite) => _audio.OnOffer(reinvite);

    void ISipDialogEvents.OnRefreshed(SipResponse answer) => _audio.TakeAnswer(answer.SessionDescription);

    void ISipDialogEvents.OnRequest(IncomingRequest request) => _audio.OnRequest(request);

    void ISipDialogEvents.OnEnded(SipDialogEnd end) =>
        Finish(end.Kind == SipDialogEndKind.Bye ? CallEnd.Caller : end.Kind == SipDialogEndKind.LocalBye ? CallEnd.Completed : CallEnd.PeerLost, OutboundResult.Failed);

    void IMediaSessionEvents.OnDigit(char digit, int durationMs)
    {
        // Flows take keys from the session's queue.
    }

    void IMediaSessionEvents.OnRtpTimeout() => Post(CallEnd.MediaTimeout);

    /// <summary>Sends the INVITE; the destinations of the request are known.</summary>
    internal void Begin(SipEndpoint sip, IPAddress local)
    {
        var to = _request.Destinations[0];
        var (offer, refusal) = _audio.Offer();
        if (refusal is not null)
        {
            Finish(CallEnd.Fault, OutboundResult.Failed);
            return;
        }

        var gateway = _request.Gateway;
        var target = gateway is { IsLookedUp: true, Address.HostName: { } name }
            ? SipUri.Create(_request.Number, name, gateway.HasUsualPort ? null : gateway.Port)
            : SipUri.Create(_request.Number, to.EndPoint);
        _invite = sip.Invite(
            new OutgoingCall
            {
                RequestUri = target,
                Destination = to,
                Alternatives = [.. _request.Destinations.Skip(1)],
                From = OutboundIdentity.From(_request, local),
                Body = offer,
                Headers = OutboundIdentity.Headers(_request, target, local),
                RingTime = _request.RingTime,
                // A gateway may send the call to another number or port of its own, never to somebody else.
                RedirectTo = uri => uri.TryGetAddress(out var address) && _request.Destinations.Any(known => address.Equals(known.EndPoint.Address))
                    ? to with { EndPoint = new IPEndPoint(address, uri.Port ?? to.EndPoint.Port) }
                    : null,
            },
            this);
        _invite.NameTrace(Id);
        Log.OutboundCallBegan(_log, Id, _request.Number, gateway.Name, CallId);
    }

    /// <summary>One line for the trace of the call.</summary>
    internal void NoteInTrace(string note) => _invite?.NoteInTrace(note);

    /// <summary>Tells the trace that the call failed.</summary>
    internal void ReportFailure(string reason) => _invite?.ReportFailure(reason);

    private void Finish(CallEnd why, OutboundResult result)
    {
        if (End != CallEnd.None)
        {
            return;
        }

        End = why;
        EndQuality = Media.Statistics.Quality;
        Settle(result);
        _ended(this);
        _hangup.Cancel();
    }

    private void Settle(OutboundResult result)
    {
        if (!_result.Task.IsCompleted)
        {
            Outcome = result;
            _result.TrySetResult(result);
        }
    }
}
