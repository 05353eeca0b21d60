using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Media.Playback;

namespace Postbell.Telephony.CallAnswering;

/// <summary>
/// People's own greetings, ready to play. Read once from the store, forgotten when the account changes. A store that fails or is slow costs one caller
/// the personal greeting, never the call: it is asked again for the next one.
/// </summary>
public sealed class RecordedGreetings : IDisposable
{
    // Samples and both laws of G.711: four bytes for each sample.
    private const int BytesPerSample = 4;

    /// <summary>A caller hears nothing while the store is asked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Func<long, string, CancellationToken, Task<ReadOnlyMemory<byte>?>> _read;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _maxBytes;
    private readonly ConcurrentDictionary<(long Account, string Name), AudioClip?> _clips = new();
    private readonly IDisposable? _subscription;
    private long _bytes;
    private int _changes;

    /// <summary>Greetings of the people in <paramref name="store"/>.</summary>
    public RecordedGreetings(MailStore store, TimeProvider time, ILogger<RecordedGreetings> log)
        : this(store.GetGreetingAsync, time, log) => _subscription = store.Subscribe(OnChange);

    internal RecordedGreetings(Func<long, string, CancellationToken, Task<ReadOnlyMemory<byte>?>> read, TimeProvider time, ILogger log, long maxBytes = 256L << 20)
    {
        _read = read;
        _time = time;
        _log = log;
        _maxBytes = maxBytes;
    }

    /// <summary>Greetings kept in memory, also the knowledge that somebody has none.</summary>
    internal int Kept => _clips.Count;

    /// <summary>A greeting, or null when the person recorded none, or it cannot be used or read in time (logged).</summary>
    public async ValueTask<AudioClip?> FindAsync(long account, string name, CancellationToken cancellation)
    {
        if (_clips.TryGetValue((account, name), out var known))
        {
            return known;
        }

        var changes = Volatile.Read(ref _changes);
        try
        {
            var wav = await _read(account, name, cancellation).WaitAsync(Patience, _time, cancellation);
            var clip = wav is { IsEmpty: false } bytes ? Decode(account, bytes) : null;
            Keep((account, name), clip, changes);
            return clip;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Log.GreetingNotRead(_log, account, fault);
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _subscription?.Dispose();

    internal void OnChange(MailboxChange change)
    {
        switch (change.Kind)
        {
            case MailboxChangeKind.Overrun:
                Interlocked.Increment(ref _changes);
                Clear();
                break;
            case MailboxChangeKind.AccountChanged or MailboxChangeKind.AccountDeleted:
                Interlocked.Increment(ref _changes);
                foreach (var name in GreetingNames.All)
                {
                    Forget((change.AccountId, name));
                }

                break;
        }
    }

    private AudioClip? Decode(long account, ReadOnlyMemory<byte> wav)
    {
        try
        {
            return AudioClip.FromWav(wav);
        }
        catch (WavFormatException fault)
        {
            Log.GreetingUnusable(_log, account, fault);
            return null;
        }
    }

    /// <summary>Keeps a clip unless something changed since the store was asked: it may be the former greeting.</summary>
    private void Keep((long Account, string Name) key, AudioClip? clip, int changes)
    {
        if (Interlocked.Add(ref _bytes, SizeOf(clip)) > _maxBytes)
        {
            Clear();
            Interlocked.Add(ref _bytes, SizeOf(clip));
        }

        if (!_clips.TryAdd(key, clip))
        {
            Interlocked.Add(ref _bytes, -SizeOf(clip));
        }
        else if (Volatile.Read(ref _changes) != changes)
        {
            Forget(key);
        }
    }

    private void Forget((long Account, string Name) key)
    {
        if (_clips.TryRemove(key, out var clip))
        {
            Interlocked.Add(ref _bytes, -SizeOf(clip));
        }
    }

    private void Clear()
    {
        _clips.Clear();
        Interlocked.Exchange(ref _bytes, 0);
    }

    private static long SizeOf(AudioClip? clip) => clip is null ? 64 : 64 + ((long)clip.Length * BytesPerSample);
}
