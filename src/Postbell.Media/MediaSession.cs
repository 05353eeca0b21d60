using System.Net;
using Postbell.Core;
using Postbell.Media.Bridging;
using Postbell.Media.Engine;
using Postbell.Media.Playback;
using Postbell.Media.Rtp;
using Postbell.Media.Sdp;
using Postbell.Media.Srtp;

namespace Postbell.Media;

/// <summary>
/// The media of one call. Every method may be called from any thread and returns at once or with a task; continuations run on the thread pool or the
/// caller's <see cref="SynchronizationContext"/>, never on the engine thread.
/// </summary>
public sealed class MediaSession : IAsyncDisposable
{
    private static readonly TimeSpan s_longestDigit = TimeSpan.FromSeconds(5);

    private readonly EngineLoop _loop;
    private readonly SessionCore _core;
    private volatile NegotiatedAudio? _audio;
    private volatile bool _symmetric;
    private int _bridged;

    internal MediaSession(EngineLoop loop, SessionCore core, IPEndPoint localRtp)
    {
        _loop = loop;
        _core = core;
        LocalRtp = localRtp;
    }

    /// <summary>Where this session receives RTP; RTCP is the next port.</summary>
    public IPEndPoint LocalRtp { get; }

    /// <summary>Packets, loss, jitter and what the peer reports. Any thread; numbers of one moment may be a packet apart.</summary>
    public MediaStatistics Statistics => _core.Snapshot();

    /// <summary>Begins to receive and allows to send.</summary>
    /// <param name="negotiated">What offer and answer agreed.</param>
    /// <param name="symmetric">True for a peer behind NAT: its address is learned from its first valid packets, then locked, and ours go there.</param>
    public void Start(NegotiatedAudio negotiated, bool symmetric)
    {
        _symmetric = symmetric;
        Update(negotiated);
    }

    /// <summary>Takes a later agreement: hold, resume, another address, codec or key. A changed address is learned anew.</summary>
    /// <exception cref="InvalidOperationException">SRTP was agreed and its library is missing or refused the key.</exception>
    public void Update(NegotiatedAudio negotiated)
    {
        var srtp = SrtpChange.Between(_audio?.Srtp, negotiated.Srtp);
        _audio = negotiated;
        var symmetric = _symmetric;
        _loop.Post(() => _core.Configure(negotiated, symmetric, srtp));
    }

    /// <summary>
    /// Plays clips without gaps, at the pace of the line. While the peer holds the call, playing waits. A key of <paramref name="interruptedBy"/> pressed
    /// during it, or first in the queue at its start, ends it and is taken from the queue. One playback at a time.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled or the session closed.</exception>
    /// <exception cref="InvalidOperationException">Another playback is running.</exception>
    public Task<PlayResult> PlayAsync(PlayList list, DigitSet interruptedBy, CancellationToken ct)
    {
        var player = CreatePlayer(list, interruptedBy);
        return Run(player, () => _core.Begin(player), ct);
    }

    /// <summary>
    /// Plays what a control holds, from where it is, while it changes it at will: pauses, moves, speed, volume. Otherwise as <see cref="PlayAsync(PlayList,
    /// DigitSet, CancellationToken)"/>; a pause ends nothing but by a key, the token or the end of the session. An unchanged playback costs no more than a plain one.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled or the session closed.</exception>
    /// <exception cref="InvalidOperationException">Another playback is running.</exception>
    public Task<PlayResult> PlayAsync(PlaybackControl control, DigitSet interruptedBy, CancellationToken ct)
    {
        var player = new Player(_core, control.List, interruptedBy, _audio?.Codec ?? VoiceCodec.Pcmu, control);
        return Run(player, () => _core.Begin(player), ct);
    }

    /// <summary>
    /// Records what the peer says, one frame per 20 ms of call time: what lost packets said is concealed
    /// for up to 60 ms, key presses are silence. Time on hold is left out. Cancellation and
    /// closing end it with <see cref="RecordEnd.Cancelled"/>, not with an exception. Keys that stop nothing go to the queue. One recording at a time.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another recording is running.</exception>
    public Task<RecordResult> RecordAsync(IRecordingSink sink, RecordLimits limits, CancellationToken ct)
    {
        var recorder = new Recorder(_core, sink, limits);
        return Run(recorder, () => _core.Begin(recorder), ct);
    }

    /// <summary>The next key: typed ahead or pressed within <paramref name="timeout"/>; null when none came. <see cref="Timeout.InfiniteTimeSpan"/> waits on.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled or the session closed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else waits already.</exception>
    public Task<char?> CollectDigitAsync(TimeSpan timeout, CancellationToken ct)
    {
        var wait = new DigitWait(_core, timeout);
        return Run(wait, () => _core.Begin(wait), ct);
    }

    /// <summary>Forgets keys typed ahead.</summary>
    public void ClearDigits() => _loop.Post(_core.ClearDigits);

    /// <summary>
    /// Listens for the tones of fax machines in the sound of the peer, or no more. Off at first, for it costs a little with every packet;
    /// <see cref="IMediaSessionEvents.OnFaxTone"/> tells what was heard.
    /// </summary>
    public void ListenForFaxTones(bool on) => _loop.Post(() => _core.ListenForFaxTones(on));

    /// <summary>
    /// A key that the peer's signalling reported (SIP INFO). It acts like one that was heard, unless the peer sends telephone-events as well: then only
    /// those count.
    /// </summary>
    /// <param name="digit">0 to 9, *, #, A to D.</param>
    /// <param name="duration">How long it was held.</param>
    /// <exception cref="ArgumentException"><paramref name="digit"/> is no key.</exception>
    public void PressElsewhere(char digit, TimeSpan duration)
    {
        _ = TelephoneEvent.EventOf(digit) ?? throw new ArgumentException($"'{digit}' is no telephone key.", nameof(digit));
        _loop.Post(() => _core.PressElsewhere(digit, (int)duration.TotalMilliseconds));
    }

    /// <summary>
    /// Presses a key, in place of audio: RFC 4733 events, or the tones themselves where the peer takes no events. The task ends when its last packet was sent.
    /// </summary>
    /// <param name="digit">0 to 9, *, #, A to D.</param>
    /// <param name="duration">How long it is held, 40 ms to 5 s.</param>
    /// <param name="ct">Stops sending it.</param>
    /// <exception cref="ArgumentException"><paramref name="digit"/> is no key.</exception>
    /// <exception cref="InvalidOperationException">Another key press is being sent.</exception>
    public Task SendDigitAsync(char digit, TimeSpan duration, CancellationToken ct) => SendDigitAsync(digit, duration, asSound: false, ct);

    /// <summary>As <see cref="SendDigitAsync(char, TimeSpan, CancellationToken)"/>.</summary>
    /// <param name="digit">0 to 9, *, #, A to D.</param>
    /// <param name="duration">How long it is held, 40 ms to 5 s.</param>
    /// <param name="asSound">Sends the tones themselves, also to a peer that takes events.</param>
    /// <param name="ct">Stops sending it.</param>
    /// <exception cref="ArgumentException"><paramref name="digit"/> is no key.</exception>
    /// <exception cref="InvalidOperationException">Another key press is being sent.</exception>
    public Task SendDigitAsync(char digit, TimeSpan duration, bool asSound, CancellationToken ct)
    {
        var code = TelephoneEvent.EventOf(digit) ?? throw new ArgumentException($"'{digit}' is no telephone key.", nameof(digit));
        var milliseconds = Math.Clamp(duration.TotalMilliseconds, 40, s_longestDigit.TotalMilliseconds);
        var sending = new DigitSending(_core, code, (int)milliseconds) { IsSound = asSound };
        return Run(sending, () => _core.Begin(sending), ct);
    }

    /// <summary>Marks it as joined; false when it is already.</summary>
    internal bool TryEnterBridge() => Interlocked.CompareExchange(ref _bridged, 1, 0) == 0;

    /// <summary>Marks it as not joined any more.</summary>
    internal void LeaveBridge() => Volatile.Write(ref _bridged, 0);

    /// <summary>Connects the ends of a bridge.</summary>
    internal void Connect(BridgeInlet inlet, BridgeOutlet outlet, Action onClosed) => _loop.Post(() => _core.Connect(inlet, outlet, onClosed));

    /// <summary>Takes the ends of a bridge away, then says so.</summary>
    internal void Disconnect(Action onApart) => _loop.Post(() =>
    {
        _core.Disconnect();
        onApart();
    });

    /// <summary>A playback in the codec of this call that nothing has begun yet.</summary>
    internal Player CreatePlayer(PlayList list, DigitSet interruptedBy) => new(_core, list, interruptedBy, _audio?.Codec ?? VoiceCodec.Pcmu);

    /// <summary>Says BYE by RTCP, ends what runs and frees the ports.</summary>
    public ValueTask DisposeAsync()
    {
        _loop.Post(_core.Close);
        return new ValueTask(_core.Closed);
    }

    private Task<TResult> Run<TResult>(EngineOperation<TResult> operation, Action begin, CancellationToken ct)
    {
        _loop.Post(begin);
        operation.CancelWith(_loop, ct);
        return operation.Task;
    }
}
