using Postbell.Media.Playback;

namespace Postbell.Media.Bridging;

/// <summary>
/// Joins two calls so that their people hear each other, until it is disposed or one of the calls closes. Sound in the codec and packet time of the other
/// leg goes on as it came; other sound passes a jitter buffer, with concealment of what was lost, and is encoded anew. The legs may belong to different
/// engine threads. What a flow does with a leg goes on meanwhile: playback is heard instead of the other leg,
/// <see cref="MediaSession.RecordAsync"/> records what that leg's peer says, keys are reported and collected as ever.
/// </summary>
public sealed class MediaBridge : IAsyncDisposable
{
    private readonly MediaSession _one;
    private readonly MediaSession _other;
    private readonly BridgeOutlet _toOne;
    private readonly BridgeOutlet _toOther;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _parted;
    private int _open = 2;

    private MediaBridge(MediaSession one, MediaSession other, BridgeOutlet toOne, BridgeOutlet toOther)
    {
        _one = one;
        _other = other;
        _toOne = toOne;
        _toOther = toOther;
    }

    /// <summary>Ends once both legs are apart again: after <see cref="DisposeAsync"/>, or when one of the sessions closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What was passed on and what the jitter buffers did. Any thread; numbers of one moment may be a packet apart.</summary>
    public MediaBridgeStatistics Statistics => new(_toOne.Passed, _toOther.Passed, _toOne.Jitter, _toOther.Jitter);

    /// <summary>Joins two sessions. A session that is not started yet is heard once it is.</summary>
    /// <param name="one">The first leg.</param>
    /// <param name="other">The second leg.</param>
    /// <param name="options">What passes; null for everything, and silence while one holds.</param>
    /// <exception cref="ArgumentException">Both are the same session.</exception>
    /// <exception cref="InvalidOperationException">One of them is joined with another already.</exception>
    public static MediaBridge Join(MediaSession one, MediaSession other, MediaBridgeOptions? options = null)
    {
        if (ReferenceEquals(one, other))
        {
            throw new ArgumentException("A call cannot be joined with itself.", nameof(other));
        }

        if (!one.TryEnterBridge())
        {
            throw new InvalidOperationException("The first call is joined with another already.");
        }

        if (!other.TryEnterBridge())
        {
            one.LeaveBridge();
            throw new InvalidOperationException("The second call is joined with another already.");
        }

        options ??= new MediaBridgeOptions();
        var fromOne = new BridgeRing();
        var fromOther = new BridgeRing();
        var bridge = new MediaBridge(
            one, other, Outlet(fromOther, one, options, seed: 1), Outlet(fromOne, other, options, seed: 2));
        one.Connect(new BridgeInlet(fromOne, options.PassKeysFromOne), bridge._toOne, bridge.Part);
        other.Connect(new BridgeInlet(fromOther, options.PassKeysFromOther), bridge._toOther, bridge.Part);
        return bridge;
    }

    /// <summary>Parts the legs; each goes on for itself. The task ends when neither hears the other any more.</summary>
    public ValueTask DisposeAsync()
    {
        Part();
        return new ValueTask(Ended);
    }

    private static BridgeOutlet Outlet(BridgeRing ring, MediaSession listener, MediaBridgeOptions options, uint seed) =>
        new(ring, options.Jitter, seed, options.WhileHeld is { } music ? listener.CreatePlayer(music.Looped(), DigitSet.None) : null);

    private void Part()
    {
        if (Interlocked.Exchange(ref _parted, 1) == 0)
        {
            _one.Disconnect(OnApart);
            _other.Disconnect(OnApart);
        }
    }

    private void OnApart()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _one.LeaveBridge();
            _other.LeaveBridge();
            _ended.TrySetResult();
        }
    }
}
