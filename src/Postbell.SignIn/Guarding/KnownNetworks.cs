using System.Collections.Concurrent;
using Postbell.Mailbox;

namespace Postbell.SignIn.Guarding;

/// <summary>Which networks people sign in from. Safe from any thread.</summary>
internal sealed class KnownNetworks(SignInLimits limits, TimeProvider time)
{
    private readonly ConcurrentDictionary<(long AccountId, string Network), DateTimeOffset> _known = new();

    public void Load(IEnumerable<KnownNetwork> known)
    {
        foreach (var one in known)
        {
            _known[(one.AccountId, one.Network)] = one.LastAt;
        }
    }

    public bool Contains(long accountId, string source) =>
        _known.TryGetValue((accountId, SourceNames.Network(source)), out var last) && time.GetUtcNow() - last < limits.NetworkKnownFor;

    /// <summary>Notes a sign-in; gives what is to be stored when it was not stored today.</summary>
    public KnownNetwork? Note(long accountId, string source)
    {
        var now = time.GetUtcNow();
        var key = (accountId, SourceNames.Network(source));
        if (_known.TryGetValue(key, out var last) && now - last < TimeSpan.FromDays(1))
        {
            return null;
        }

        _known[key] = now;
        return new KnownNetwork(key.accountId, key.Item2, now);
    }
}
