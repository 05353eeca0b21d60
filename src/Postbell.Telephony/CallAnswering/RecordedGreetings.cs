using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Postbell.Mailbox;
using Postbell.Media;

namespace Postbell.Telephony.CallAnswering;

/// <summary>People's own greetings, ready to play. Read once from the store, forgotten when the account changes.</summary>
public sealed class RecordedGreetings : IDisposable
{
    private const int MaxCached = 10_000;

    private readonly MailStore _store;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<(long Account, string Name), AudioClip?> _clips = new();
    private readonly IDisposable _changes;

    /// <summary>Greetings of the people in <paramref name="store"/>.</summary>
    public RecordedGreetings(MailStore store, ILogger<RecordedGreetings> log)
    {
        _store = store;
        _log = log;
        _changes = store.Subscribe(OnChange);
    }

    /// <summary>A greeting, or null when the person recorded none or it cannot be used (logged).</summary>
    public async ValueTask<AudioClip?> FindAsync(long account, string name, CancellationToken cancellation)
    {
        if (_clips.TryGetValue((account, name), out var known))
        {
            return known;
        }

        var clip = await ReadAsync(account, name, cancellation);
        if (_clips.Count >= MaxCached)
        {
            _clips.Clear();
        }

        _clips[(account, name)] = clip;
        return clip;
    }

    /// <inheritdoc />
    public void Dispose() => _changes.Dispose();

    private async Task<AudioClip?> ReadAsync(long account, string name, CancellationToken cancellation)
    {
        try
        {
            var wav = await _store.GetGreetingAsync(account, name, cancellation);
            return wav is { IsEmpty: false } bytes ? AudioClip.FromWav(bytes) : null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Log.GreetingUnusable(_log, account, fault);
            return null;
        }
    }

    private void OnChange(MailboxChange change)
    {
        switch (change.Kind)
        {
            case MailboxChangeKind.Overrun:
                _clips.Clear();
                break;
            case MailboxChangeKind.AccountChanged or MailboxChangeKind.AccountDeleted:
                foreach (var name in GreetingNames.All)
                {
                    _clips.TryRemove((change.AccountId, name), out _);
                }

                break;
        }
    }
}
