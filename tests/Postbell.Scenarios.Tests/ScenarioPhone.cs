using System.Collections.Concurrent;
using System.Net;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Scenarios.Tests;

/// <summary>A caller's telephone. It hears (beeps above all), speaks, presses keys and hangs up when the test says so.</summary>
internal sealed class ScenarioPhone : IOutgoingInviteEvents, IMediaSessionEvents, IRecordingSink, ISipPeerPolicy, ISipServer, IAsyncDisposable
{
    private const int BeepFrames = 18;

    private readonly ScenarioServer _server;
    private readonly MediaEngine _engine;
    private readonly MediaSession _media;
    private readonly SdpNegotiation _negotiation;
    private readonly SipEndpoint _sip;
    private readonly ConcurrentQueue<(string Summary, string State)> _summaries = new();
    private readonly CancellationTokenSource _over = new();
    private OutgoingInvite? _invite;
    private bool _answersOffer;
    private int _toneFrames;
    private volatile int _beeps;
    private volatile int _soundFrames;

    public ScenarioPhone(ScenarioServer server, MediaEngine engine, SdpSecurity? security)
    {
        _server = server;
        _engine = engine;
        _media = engine.Open(IPAddress.Loopback, this);
        _negotiation = new SdpNegotiation(_media.LocalRtp, 1, security: security);
        _sip = new SipEndpoint(
            new SipEndpointOptions { Listen = [new SipListen(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))] },
            this,
            server.Wheel,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
            server.SipNetwork.CreateSockets());
    }

    /// <summary>Answered with 200.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The final response of a call that was refused.</summary>
    public SipResponse? Refusal { get; private set; }

    /// <summary>The other side hung up.</summary>
    public bool WasHungUp { get; private set; }

    /// <summary>Beeps heard.</summary>
    public int Beeps => _beeps;

    /// <summary>Message summaries that were sent to this phone, with what their Subscription-State said.</summary>
    public IReadOnlyList<(string Summary, string State)> Summaries => [.. _summaries];

    /// <summary>Milliseconds of anything louder than silence that were heard.</summary>
    public int SoundMs => _soundFrames * 20;

    /// <summary>Keys that the other side pressed, by telephone-events.</summary>
    public ConcurrentQueue<char> HeardKeys { get; } = new();

    /// <summary>Keys that the other side pressed by SIP INFO.</summary>
    public ConcurrentQueue<char> ReportedKeys { get; } = new();

    /// <summary>What it knows of its own media.</summary>
    public MediaStatistics Media => _media.Statistics;

    /// <summary>Where it takes SIP.</summary>
    public IPEndPoint Address => _sip.Bound[0].EndPoint;

    public Task StartAsync() => _sip.StartAsync(this, CancellationToken.None);

    /// <summary>Calls a number; returns once there is an answer.</summary>
    public Task DialAsync(string number, params SipHeader[] headers) => DialAsync(number, _negotiation.CreateOffer(), "application/sdp", headers);

    /// <summary>Calls with an INVITE that has no offer: the other side offers, our ACK answers.</summary>
    public Task DialWithoutOfferAsync(string number) => DialAsync(number, default, "application/sdp", []);

    /// <summary>Calls as gateways of the signalling world do: the offer is one part of several.</summary>
    public Task DialMultipartAsync(string number)
    {
        var offer = System.Text.Encoding.ASCII.GetString(_negotiation.CreateOffer());
        var body = $"--b1\r\nContent-Type: application/isup\r\n\r\nIAM\r\n--b1\r\nContent-Type: application/sdp\r\n\r\n{offer}\r\n--b1--\r\n";
        return DialAsync(number, System.Text.Encoding.ASCII.GetBytes(body), "multipart/mixed;boundary=b1", []);
    }

    /// <summary>Calls with a body of the test's own.</summary>
    public async Task DialAsync(string number, ReadOnlyMemory<byte> body, string contentType, SipHeader[] headers)
    {
        _answersOffer = body.IsEmpty;
        _invite = _sip.Invite(
            new OutgoingCall
            {
                RequestUri = SipUri.Create(number, _server.Address),
                Destination = new SipDestination(SipTransport.Udp, _server.Address),
                From = new NameAddress("Carl Caller", SipUri.Create("+4930123", "gw.example.com"), SipParameters.Empty),
                Body = body,
                ContentType = contentType,
                Headers = headers,
            },
            this);
        await _server.UntilAsync(() => IsAnswered || Refusal is not null, "an answer to the INVITE");
    }

    /// <summary>Waits until as many beeps have been heard.</summary>
    public Task HearBeepAsync(int count = 1) => _server.UntilAsync(() => _beeps >= count, $"beep {count}");

    /// <summary>Speaks: noise in syllables.</summary>
    public async Task SpeakAsync(double seconds)
    {
        var spoken = _media.PlayAsync(Voice(seconds), DigitSet.None, _over.Token);
        await _server.UntilAsync(() => spoken.IsCompleted, "the speech to end", seconds + 10);
    }

    /// <summary>Plays something to the other side.</summary>
    public async Task PlayAsync(AudioClip sound)
    {
        var played = _media.PlayAsync(sound, DigitSet.None, _over.Token);
        await _server.UntilAsync(() => played.IsCompleted, "the sound to end", sound.Duration.TotalSeconds + 10);
    }

    public async Task PressAsync(params char[] keys)
    {
        foreach (var key in keys)
        {
            var pressed = _media.SendDigitAsync(key, TimeSpan.FromMilliseconds(100), _over.Token);
            await _server.UntilAsync(() => pressed.IsCompleted, $"key {key}");
            await _server.PassAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    public async Task PressByInfoAsync(params char[] keys)
    {
        foreach (var key in keys)
        {
            var body = System.Text.Encoding.ASCII.GetBytes($"Signal={key}\r\nDuration=120\r\n");
            var sent = _invite!.Dialog!.SendAsync("INFO", body, "application/dtmf-relay");
            await _server.UntilAsync(() => sent.IsCompleted, $"the answer to key {key}");
            (await sent).Status.ShouldBe(200);
            await _server.PassAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Waits until the other side has been silent for a while: a prompt is over.</summary>
    public async Task HearOutAsync()
    {
        await _server.PassAsync(TimeSpan.FromMilliseconds(200));
        for (var before = -1; before != _soundFrames;)
        {
            before = _soundFrames;
            await _server.PassAsync(TimeSpan.FromMilliseconds(300));
        }
    }

    /// <summary>Subscribes to a mailbox, or with the former response refreshes or ends the subscription.</summary>
    public async Task<SipResponse> SubscribeAsync(string number, int expires, SipResponse? former = null, string package = "message-summary")
    {
        var target = SipUri.Create(number, _server.Address);
        var self = new NameAddress(SipUri.Create("phone", _sip.Bound[0].EndPoint));
        var request = SipRequest.Create(SipMethods.Subscribe, target, former is null ? self : former.From, former?.To);
        if (former is not null)
        {
            request.Headers.Set("Call-ID", former.CallId);
            request.Headers.Set("CSeq", $"{former.CSeq.Number + 1} SUBSCRIBE");
        }

        request.Headers.Add("Event", package);
        request.Headers.Add("Expires", expires.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("Contact", $"<{SipUri.Create("phone", _sip.Bound[0].EndPoint)}>");
        var answer = _sip.SendAsync(request, new SipDestination(SipTransport.Udp, _server.Address));
        await _server.UntilAsync(() => answer.IsCompleted, "an answer to SUBSCRIBE");
        return await answer;
    }

    /// <summary>Sends a text message.</summary>
    public async Task<SipResponse> WriteAsync(string number, string text, string contentType = "text/plain", params SipHeader[] headers)
    {
        var from = new NameAddress("Carl Caller", SipUri.Create("+4930123", "gw.example.com"), SipParameters.Empty);
        var body = System.Text.Encoding.UTF8.GetBytes(text);
        var request = SipRequest.Create(SipMethods.Message, SipUri.Create(number, _server.Address), from, null, body, contentType);
        foreach (var header in headers)
        {
            request.Headers.Add(header.Name, header.Value);
        }

        return await AnswerAsync(_sip.SendAsync(request, new SipDestination(SipTransport.Udp, _server.Address)));
    }

    /// <summary>Sends a text message within the call.</summary>
    public Task<SipResponse> WriteInCallAsync(string text) =>
        AnswerAsync(_invite!.Dialog!.SendAsync(SipMethods.Message, System.Text.Encoding.UTF8.GetBytes(text), "text/plain"));

    /// <summary>Sends any request within the call.</summary>
    public Task<SipResponse> AskInCallAsync(string method, params SipHeader[] headers) => AnswerAsync(_invite!.Dialog!.SendAsync(method, headers: headers));

    private async Task<SipResponse> AnswerAsync(Task<SipResponse> answer)
    {
        await _server.UntilAsync(() => answer.IsCompleted, "an answer");
        return await answer;
    }

    /// <summary>Puts the call on hold, or takes it back.</summary>
    public async Task<SipResponse> HoldAsync(bool hold)
    {
        var offer = _negotiation.CreateOffer(hold ? MediaDirection.SendOnly : MediaDirection.SendRecv);
        var answer = _invite!.Dialog!.SendAsync(SipMethods.Update, offer, "application/sdp");
        await _server.UntilAsync(() => answer.IsCompleted, "an answer to UPDATE");
        return await answer;
    }

    public void HangUp() => _invite!.Dialog!.Bye();

    public Task BeHungUpAsync() => _server.UntilAsync(() => WasHungUp, "the other side to hang up", 120);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _media.DisposeAsync();
        await _sip.DisposeAsync();
        _over.Dispose();
    }

    bool ISipPeerPolicy.Admits(SipPeer peer) => true;

    void ISipServer.OnInvite(IncomingInvite invite) => invite.Reject(486);

    void ISipServer.OnRequest(IncomingRequest request)
    {
        if (request.Request.Method == SipMethods.Notify)
        {
            // Requests of different dialogs come on different threads.
            _summaries.Enqueue((System.Text.Encoding.ASCII.GetString(request.Request.Body.Span), request.Request.Headers["Subscription-State"] ?? ""));
        }

        request.Respond(200);
    }

    void IOutgoingInviteEvents.OnProvisional(SipResponse response)
    {
    }

    void IOutgoingInviteEvents.OnAnswered(SipDialog dialog, SipResponse response)
    {
        var outcome = _answersOffer ? _negotiation.NegotiateAnswer(response.Body.Span) : _negotiation.AcceptAnswer(response.Body.Span);
        outcome.IsAgreed.ShouldBeTrue();
        if (_answersOffer)
        {
            _invite!.Acknowledge(outcome.Audio!.Body, "application/sdp");
        }

        _media.Start(outcome.Audio!, symmetric: false);
        _ = _media.RecordAsync(this, new RecordLimits { StopDigits = DigitSet.None, MaxDuration = TimeSpan.FromHours(1), SilenceTimeout = null }, _over.Token);
        IsAnswered = true;
    }

    void IOutgoingInviteEvents.OnFailed(SipResponse response) => Refusal = response;

    void ISipDialogEvents.OnAcknowledged(SipRequest ack)
    {
    }

    void ISipDialogEvents.OnOffer(IncomingReinvite reinvite) => reinvite.Reject(488);

    void ISipDialogEvents.OnRequest(IncomingRequest request)
    {
        if (Postbell.Telephony.Calls.KeyReport.TryRead(request.Request.Body.Span, out var report))
        {
            ReportedKeys.Enqueue(report.Key);
        }

        request.Respond(200);
    }

    void ISipDialogEvents.OnEnded(SipDialogEnd end) => WasHungUp |= end.Kind == SipDialogEndKind.Bye;

    void IMediaSessionEvents.OnDigit(char digit, int durationMs) => HeardKeys.Enqueue(digit);

    void IMediaSessionEvents.OnRtpTimeout()
    {
    }

    /// <summary>A frame heard: is it the 1 kHz of the beep?</summary>
    void IRecordingSink.Append(ReadOnlySpan<byte> g711, G711Law law)
    {
        Span<short> samples = stackalloc short[g711.Length];
        Postbell.Media.Codecs.G711.Decode(g711, samples, law);
        Hear(samples);
    }

    void IRecordingSink.Append(ReadOnlySpan<short> wide)
    {
        Span<short> samples = stackalloc short[wide.Length / 2];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = wide[2 * i];
        }

        Hear(samples);
    }

    private void Hear(ReadOnlySpan<short> samples)
    {
        double energy = 0, re = 0, im = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            energy += (double)samples[i] * samples[i];
            re += samples[i] * Math.Cos(2 * Math.PI * 1000 * i / 8000);
            im += samples[i] * Math.Sin(2 * Math.PI * 1000 * i / 8000);
        }

        var loud = energy / samples.Length > 100 * 100;
        _soundFrames += loud ? 1 : 0;
        _toneFrames = loud && (re * re) + (im * im) > 0.4 * energy * samples.Length ? _toneFrames + 1 : 0;
        if (_toneFrames == BeepFrames)
        {
            _beeps++;
        }
    }

    private static AudioClip Voice(double seconds)
    {
        var noise = new Random(7);
        var samples = new short[(int)(seconds * 8000)];
        for (var i = 0; i < samples.Length; i++)
        {
            var syllable = 0.55 + (0.45 * Math.Sin(2 * Math.PI * 4 * i / 8000));
            samples[i] = (short)(syllable * ((3000 * Math.Sin(2 * Math.PI * 210 * i / 8000)) + noise.Next(-2500, 2500)));
        }

        return AudioClip.FromPcm(new PcmAudio(samples, 8000));
    }
}
