using System.Collections.Concurrent;

namespace Postbell.Core.Resolution;

/// <summary>
/// Looks names up: remembers answers for as long as they say, good or bad, and asks a question that several want only once. Safe from any thread.
/// </summary>
public sealed class DnsResolver
{
    private const int MostAliases = 8;

    private readonly DnsOptions _options;
    private readonly TimeProvider _time;
    private readonly DnsExchange _exchange;
    private readonly DnsCache _cache;
    private readonly ConcurrentDictionary<(string Name, DnsRecordType Type), Task<DnsAnswer>> _underWay = new();
    private int _count;

    /// <summary>Asks nothing yet.</summary>
    public DnsResolver(DnsOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _exchange = new DnsExchange(new DnsServers(options, time), options, Statistics, time);
        _cache = new DnsCache(options.CacheSize);
    }

    /// <summary>Counters.</summary>
    public DnsStatistics Statistics { get; } = new();

    /// <summary>Answers kept.</summary>
    public int Cached => _cache.Count;

    /// <summary>Questions that wait for a server.</summary>
    public int UnderWay => Volatile.Read(ref _count);

    /// <summary>The records of a name and type, aliases followed.</summary>
    /// <param name="name">A whole name (no search list is applied); what is no name has no records.</param>
    /// <param name="type">Type.</param>
    /// <param name="cancellation">Ends the wait, not the question: others may wait for it too.</param>
    public Task<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        if (DnsName.Normalize(name) is not { } normal)
        {
            return Task.FromResult(new DnsAnswer(DnsOutcome.None, [], DateTimeOffset.MaxValue));
        }

        var question = (normal, type);
        if (_cache.Find(question, _time.GetUtcNow()) is { } known)
        {
            Statistics.CountCacheHit();
            return Task.FromResult(known);
        }

        return Join(question).WaitAsync(cancellation);
    }

    private Task<DnsAnswer> Join((string Name, DnsRecordType Type) question)
    {
        var mine = new TaskCompletionSource<DnsAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var joined = _underWay.GetOrAdd(question, mine.Task);
        if (ReferenceEquals(joined, mine.Task))
        {
            _ = FinishAsync(question, mine);
        }

        return joined;
    }

    private async Task FinishAsync((string Name, DnsRecordType Type) question, TaskCompletionSource<DnsAnswer> waiting)
    {
        DnsAnswer answer;
        if (Interlocked.Increment(ref _count) > _options.MaxUnderWay)
        {
            answer = Failed(TimeSpan.Zero);
        }
        else
        {
            try
            {
                answer = await AskAsync(question.Name, question.Type);
            }
            catch (Exception)
            {
                // Whatever went wrong below, the name was not found out; who waits must hear it.
                answer = Failed(_options.FailureKept);
            }
        }

        Interlocked.Decrement(ref _count);
        Statistics.Count(answer.Outcome);
        if (answer.ExpiresAt > _time.GetUtcNow())
        {
            _cache.Keep(question, answer);
        }

        _underWay.TryRemove(question, out _);
        waiting.TrySetResult(answer);
    }

    private async Task<DnsAnswer> AskAsync(string name, DnsRecordType type)
    {
        var expires = DateTimeOffset.MaxValue;
        for (var aliases = 0; aliases <= MostAliases; aliases++)
        {
            if (await _exchange.AskAsync(name, type, CancellationToken.None) is not { } message)
            {
                return Failed(_options.FailureKept);
            }

            // Servers give the whole chain at once, as far as they know it.
            while (message.Answers.OfType<DnsAliasRecord>().FirstOrDefault(record => record.Name == name) is { } alias && aliases++ <= MostAliases)
            {
                name = alias.Target;
                expires = Sooner(expires, alias.Seconds, _options.LongestKept);
            }

            var records = message.Answers.Where(record => record.Name == name && record.Type == type).ToArray();
            if (records.Length > 0)
            {
                return new DnsAnswer(DnsOutcome.Found, records, Sooner(expires, records.Min(record => record.Seconds), _options.LongestKept));
            }

            if (message.Name == name || message.Code == DnsMessage.NameError)
            {
                return No(message, expires);
            }
        }

        return Failed(_options.FailureKept);
    }

    private DnsAnswer No(DnsMessage message, DateTimeOffset expires)
    {
        // Without the zone's own word it is not known for how long (RFC 2308 section 5).
        var authority = message.Authorities.OfType<DnsAuthorityRecord>().FirstOrDefault();
        var seconds = authority is null ? 0 : Math.Min(authority.Seconds, authority.Minimum);
        return new DnsAnswer(DnsOutcome.None, [], Sooner(expires, seconds, _options.LongestNoKept));
    }

    private DnsAnswer Failed(TimeSpan kept) => new(DnsOutcome.Failed, [], _time.GetUtcNow() + kept);

    private DateTimeOffset Sooner(DateTimeOffset expires, uint seconds, TimeSpan longest)
    {
        var kept = TimeSpan.FromSeconds(seconds);
        var ends = _time.GetUtcNow() + (kept < longest ? kept : longest);
        return ends < expires ? ends : expires;
    }
}
