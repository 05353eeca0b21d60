using System.Net;
using Postbell.Media.Sdp;

namespace Postbell.Media;

/// <summary>
/// The media of one call. Every method may be called from any thread and returns at once or with a task; continuations run on the thread pool or the
/// caller's <see cref="SynchronizationContext"/>, never on the engine thread.
/// </summary>
public sealed class MediaSession : IAsyncDisposable
{
    internal MediaSession(IPEndPoint localRtp) => LocalRtp = localRtp;

    /// <summary>Where this session receives RTP; RTCP is the next port.</summary>
    public IPEndPoint LocalRtp { get; }

    /// <summary>Packets, loss, jitter and what the peer reports.</summary>
    public MediaStatistics Statistics => throw new NotSupportedException();

    /// <summary>Begins to receive and allows to send.</summary>
    /// <param name="negotiated">What offer and answer agreed.</param>
    /// <param name="symmetric">True for a peer behind NAT: its address is learned from its first valid packets, then locked, and ours go there.</param>
    public void Start(NegotiatedAudio negotiated, bool symmetric) => throw new NotSupportedException();

    /// <summary>Takes a later agreement: hold, resume, another address or codec. A changed address is learned anew.</summary>
    public void Update(NegotiatedAudio negotiated) => throw new NotSupportedException();

    /// <summary>
    /// Plays clips without gaps, at the pace of the line. While the peer holds the call, playing waits. A key of <paramref name="interruptedBy"/> pressed
    /// during it, or first in the queue at its start, ends it and is taken from the queue. One playback at a time.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled or the session closed.</exception>
    /// <exception cref="InvalidOperationException">Another playback is running.</exception>
    public Task<PlayResult> PlayAsync(PlayList list, DigitSet interruptedBy, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>
    /// Records what the peer says, one frame per 20 ms of call time: lost packets and key presses are silence. Time on hold is left out. Cancellation and
    /// closing end it with <see cref="RecordEnd.Cancelled"/>, not with an exception. Keys that stop nothing go to the queue. One recording at a time.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another recording is running.</exception>
    public Task<RecordResult> RecordAsync(IRecordingSink sink, RecordLimits limits, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The next key: typed ahead or pressed within <paramref name="timeout"/>; null when none came.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled or the session closed.</exception>
    public Task<char?> CollectDigitAsync(TimeSpan timeout, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Forgets keys typed ahead.</summary>
    public void ClearDigits() => throw new NotSupportedException();

    /// <summary>Presses a key: RFC 4733 events, in place of audio. The task ends when its last packet was sent.</summary>
    /// <exception cref="InvalidOperationException">The peer takes no telephone-events.</exception>
    public Task SendDigitAsync(char digit, TimeSpan duration, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Says BYE by RTCP, ends what runs and frees the ports.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
