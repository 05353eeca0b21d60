using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Postbell.Media;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Server.Phone;

/// <summary>One call of the test phone from INVITE to BYE.</summary>
internal sealed class PhoneCall : IOutgoingInviteEvents, IMediaSessionEvents, IAsyncDisposable
{
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(1);
    // A beep has ended when nothing comes behind it.
    private static readonly TimeSpan s_listenAlong = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_keyLength = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_keyPause = TimeSpan.FromMilliseconds(400);
    private readonly PhoneOptions _options;
    private readonly SipEndpoint _endpoint;
    private readonly MediaSession _session;
    private readonly SdpNegotiation _sdp;
    private readonly HeardAudio _heard;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _hear = new();
    private readonly TaskCompletionSource<SipResponse> _final = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SdpOutcome? _agreed;
    private SipDialog? _dialog;
    private OutgoingInvite? _invite;
    private long _begin;
    private double? _ringing;
    private double? _answered;
    private SipDialogEnd? _end;

    /// <summary>Opens the media; nothing is sent yet.</summary>
    public PhoneCall(PhoneOptions options, SipEndpoint endpoint, MediaEngine media, IPAddress local, HeardAudio heard, TimeProvider time)
    {
        (_options, _endpoint, _heard, _time) = (options, endpoint, heard, time);
        _session = media.Open(local, this);
        _sdp = new SdpNegotiation(_session.LocalRtp, (ulong)RandomNumberGenerator.GetInt32(int.MaxValue), options.Voice);
    }

    /// <summary>Makes the call and reports; never throws for what the server does.</summary>
    public async Task<PhoneReport> RunAsync(CancellationToken cancellation)
    {
        _begin = Stopwatch.GetTimestamp();
        _invite = _endpoint.Invite(Describe(), this);
        var trying = SinceAsync(_begin, () => Received(100) > 0 || _final.Task.IsCompleted, s_soon, cancellation);
        SipResponse final;
        try
        {
            final = await _final.Task.WaitAsync(s_answerTimeout, cancellation);
        }
        catch (TimeoutException)
        {
            _invite.Cancel();
            return Failed(null, "no answer within 40 s");
        }

        var tryingMs = await trying;
        if (_dialog is null)
        {
            return Failed(final.Status, $"{final.Status} {final.Reason}{(final.Headers["ms-diagnostics"] is { } why ? $" ({why})" : "")}");
        }

        return await TalkAsync(Received(100) > 0 ? tryingMs : null, cancellation);
    }

    /// <inheritdoc />
    public void OnProvisional(SipResponse response) => _ringing ??= response.Status is 180 or 183 ? Elapsed(_begin) : null;

    /// <inheritdoc />
    public void OnAnswered(SipDialog dialog, SipResponse response)
    {
        _answered = Elapsed(_begin);
        _agreed = _sdp.AcceptAnswer(response.Body.Span);
        _dialog = dialog;
        _final.TrySetResult(response);
    }

    /// <inheritdoc />
    public void OnFailed(SipResponse response) => _final.TrySetResult(response);

    /// <inheritdoc />
    public void OnAcknowledged(SipRequest ack)
    {
        // Only for calls that come in.
    }

    /// <inheritdoc />
    public void OnOffer(IncomingReinvite reinvite)
    {
        if (reinvite.HasOffer && _sdp.NegotiateAnswer(reinvite.Offer.Span) is { IsAgreed: true } outcome)
        {
            _session.Update(outcome.Audio);
            reinvite.Accept(outcome.Audio.Body, "application/sdp");
        }
        else
        {
            reinvite.Reject(488);
        }
    }

    /// <inheritdoc />
    public void OnRequest(IncomingRequest request) => request.Respond(200);

    /// <inheritdoc />
    public void OnEnded(SipDialogEnd end)
    {
        _end = end;
        _ended.Cancel();
    }

    /// <inheritdoc />
    public void OnDigit(char digit, int durationMs)
    {
        // The server presses no keys.
    }

    /// <inheritdoc />
    public void OnRtpTimeout()
    {
        // Levels and packet counts tell it.
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _ended.Dispose();
        _hear.Dispose();
    }

    private async Task<PhoneReport> TalkAsync(double? tryingMs, CancellationToken cancellation)
    {
        if (_agreed is not { IsAgreed: true } agreed)
        {
            _dialog!.Bye();
            return Failed(200, $"the answer's session description cannot be used: {_agreed?.Rejection}");
        }

        var answeredAt = Stopwatch.GetTimestamp();
        _session.Start(agreed.Audio, symmetric: false);
        var hearing = _session.RecordAsync(_heard, new RecordLimits { StopDigits = DigitSet.None, SilenceTimeout = null, MaxDuration = TimeSpan.FromHours(1), MaxOwed = s_listenAlong }, _hear.Token);
        var firstRtp = SinceAsync(answeredAt, () => _session.Statistics.PacketsReceived > 0, s_soon, _ended.Token);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        var (problem, beepMs, played) = await SpeakAsync(answeredAt, either.Token);
        var byeMs = await HangUpAsync(cancellation);
        await _hear.CancelAsync();
        await hearing;
        var media = _session.Statistics;
        return new PhoneReport
        {
            Ok = problem is null, Problem = problem, Number = _options.Number, CallId = _dialog!.CallId, Status = 200, Codec = media.Quality.Codec,
            TryingMs = tryingMs, RingingMs = _ringing, AnsweredMs = _answered, FirstRtpMs = await firstRtp, BeepMs = beepMs, ByeMs = byeMs,
            EndedBy = _end is { Kind: SipDialogEndKind.LocalBye } ? "phone" : "server",
            PlayedSeconds = played.TotalSeconds, HeardSeconds = _heard.Audio.Duration.TotalSeconds,
            Levels = SoundLevels.Of(_heard.Audio), Beeps = _heard.Beeps,
            PacketsReceived = media.PacketsReceived, PacketsLost = media.PacketsLost, PacketsSent = media.PacketsSent,
            PeerLost = media.PeerLost, JitterMs = Math.Round(media.Jitter.TotalMilliseconds, 2),
        };
    }

    // Beep, speech, keys, a moment to listen. The server may hang up at any point of it.
    private async Task<(string? Problem, double? BeepMs, TimeSpan Played)> SpeakAsync(long answeredAt, CancellationToken either)
    {
        double? beepMs = null;
        var played = TimeSpan.Zero;
        try
        {
            if (_options.Play is { } speech)
            {
                await _heard.FirstBeep.WaitAsync(_options.BeepTimeout, either);
                beepMs = Elapsed(answeredAt);
                played = (await _session.PlayAsync(speech, DigitSet.None, either)).Position;
            }

            foreach (var key in _options.Keys)
            {
                await Task.Delay(s_keyPause, _time, either);
                await _session.SendDigitAsync(key, s_keyLength, either);
            }

            await Task.Delay(_options.Listen, _time, either);
            return (null, beepMs, played);
        }
        catch (TimeoutException)
        {
            return ($"no beep within {_options.BeepTimeout.TotalSeconds:0} s", beepMs, played);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            var early = _options.Play is not null && played < _options.Play.Duration;
            return (early ? "the server hung up before everything was said" : null, beepMs, played);
        }
        catch (InvalidOperationException noKeys)
        {
            return (noKeys.Message, beepMs, played);
        }
    }

    private async Task<double?> HangUpAsync(CancellationToken cancellation)
    {
        if (_dialog!.IsEnded)
        {
            return null;
        }

        var answers = Received(200);
        var begin = Stopwatch.GetTimestamp();
        _dialog.Bye();
        return await SinceAsync(begin, () => Received(200) > answers, s_soon, cancellation);
    }

    private OutgoingCall Describe()
    {
        var target = SipUri.Create(_options.Pilot ?? _options.Number, _options.Server);
        var diversion = new SipHeader("Diversion", $"<{SipUri.Create(_options.Number, _options.Server)}>;reason=no-answer;counter=1");
        return new OutgoingCall
        {
            RequestUri = target,
            Destination = new SipDestination(_options.Transport, _options.Server),
            From = new NameAddress(_options.FromName, SipUri.Create(_options.From, _session.LocalRtp.Address.ToString()), SipParameters.Empty),
            Body = _sdp.CreateOffer(),
            Headers = _options.Pilot is null ? [] : [diversion],
        };
    }

    private long Received(int status) => _endpoint.Statistics.ResponsesReceived.Where(r => r.Status == status).Sum(r => r.Count);

    private PhoneReport Failed(int? status, string problem) => new()
    {
        Ok = false, Problem = problem, Number = _options.Number, CallId = _invite!.Request.CallId, Status = status, RingingMs = _ringing, AnsweredMs = _answered,
    };

    private static double Elapsed(long begin) => Math.Round(Stopwatch.GetElapsedTime(begin).TotalMilliseconds, 2);

    // The counters of the stack and the engine tell what no event tells; looked at every millisecond.
    private static async Task<double?> SinceAsync(long begin, Func<bool> happened, TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(s_lookAgain);
            while (!happened())
            {
                if (Stopwatch.GetElapsedTime(begin) > within || !await timer.WaitForNextTickAsync(cancellation))
                {
                    return null;
                }
            }

            return Elapsed(begin);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
