using System.Security.Cryptography;
using System.Text;
using Postbell.Mailbox;

namespace Postbell.SignIn.Guarding;

/// <summary>Refusals of every subject, and what follows from them. Bounded; safe from any thread.</summary>
internal sealed class FailureTable(SignInLimits limits, TimeProvider time)
{
    private const int LongestDoubling = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Subject, FailureCount> _counts = [];
    private readonly byte[] _markKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>Takes up what an earlier life of the server remembered.</summary>
    public void Load(IEnumerable<SignInRecord> records)
    {
        foreach (var record in records)
        {
            if (Subject.TryRead(record.Subject, out var subject))
            {
                _counts[subject] = new FailureCount
                {
                    Failures = record.Failures, Locks = record.Locks, LastAt = record.LastAt, LockedUntil = record.LockedUntil,
                };
            }
        }
    }

    /// <summary>Whether a try may be looked at: locked, or from which instant on.</summary>
    public (bool Locked, DateTimeOffset From) Ask(ReadOnlySpan<Subject> subjects)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var from = now;
            foreach (var subject in subjects)
            {
                if (_counts.TryGetValue(subject, out var count) && !Renew(count, now))
                {
                    if (count.LockedUntil > now)
                    {
                        return (true, count.LockedUntil);
                    }

                    from = count.NextAt > from ? count.NextAt : from;
                }
            }

            return (false, from);
        }
    }

    /// <summary>Counts a refusal; gives what is to be stored, and of these the locks that begin.</summary>
    public List<(Subject Subject, SignInRecord Record, bool LockBegins)> Refuse(ReadOnlySpan<Subject> subjects, SignInAttempt attempt, SignInRule rule)
    {
        ulong? mark = attempt.Given is { } given ? Mark(attempt.UserName, given) : null;
        var changed = new List<(Subject, SignInRecord, bool)>();
        lock (_gate)
        {
            var now = time.GetUtcNow();
            // Whether a secret is repeated is known of the account, and then its source did nothing new either.
            var repeated = false;
            foreach (var subject in subjects)
            {
                repeated |= subject.Kind != Subject.OfSource && CountOf(subject, now).IsRepeated(mark);
            }

            foreach (var subject in subjects)
            {
                var count = CountOf(subject, now);
                count.Failures += repeated ? 0 : 1;
                count.LastAt = now;
                count.NextAt = now + Delay(Math.Max(1, count.Failures));
                var begins = count.Failures >= FailuresBeforeLock(subject, rule);
                if (begins)
                {
                    count.LockedUntil = now + LockTime(subject, rule, count.Locks++);
                    count.Failures = 0;
                }

                // Every fifth, so that a restart gives few new tries and a wrong password does not cost a write each.
                if (begins || (!repeated && count.Failures % 5 == 0))
                {
                    changed.Add((subject, new SignInRecord(subject.Stored, count.Failures, count.Locks, now, count.LockedUntil), begins));
                }
            }

            Bound(now);
        }

        return changed;
    }

    /// <summary>Forgets what a test names; gives what was forgotten.</summary>
    public List<Subject> Forget(Func<Subject, bool> which)
    {
        lock (_gate)
        {
            var gone = _counts.Keys.Where(which).ToList();
            gone.ForEach(subject => _counts.Remove(subject));
            return gone;
        }
    }

    /// <summary>The locks that hold now.</summary>
    public List<SignInLock> Locks()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. _counts.Where(c => c.Value.LockedUntil > now).OrderBy(c => c.Value.LockedUntil)
                    .Select(c => new SignInLock(c.Key.Kind, c.Key.Secret, c.Key.Name, c.Key.Source, c.Value.LockedUntil)),
            ];
        }
    }

    private int FailuresBeforeLock(Subject subject, SignInRule rule) => subject.Kind == Subject.OfSource ? limits.FailuresPerSource : rule.FailuresBeforeLock;

    private TimeSpan LockTime(Subject subject, SignInRule rule, int former)
    {
        if (subject.Kind != Subject.OfSource)
        {
            // Always the same: a lock that grew would be a weapon against the owner.
            return rule.LockTime;
        }

        var grown = limits.SourceLockTime * Math.Pow(2, Math.Min(former, LongestDoubling));
        return grown < limits.LongestSourceLock ? grown : limits.LongestSourceLock;
    }

    private TimeSpan Delay(int failures)
    {
        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, LongestDoubling)));
        return delay < limits.LongestDelay ? delay : limits.LongestDelay;
    }

    // Only a hash under a key of this process is kept, and of that 64 bits: no one can find out a password from it.
    private ulong Mark(string userName, string given)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_markKey, Encoding.UTF8.GetBytes(Subject.Key(userName) + "\0" + given), hash);
        return BitConverter.ToUInt64(hash);
    }

    private FailureCount CountOf(Subject subject, DateTimeOffset now)
    {
        if (!_counts.TryGetValue(subject, out var count))
        {
            count = new FailureCount { LastAt = now };
            _counts.Add(subject, count);
        }

        Renew(count, now);
        return count;
    }

    /// <summary>Starts a count anew after a quiet time; true when it did. How often a source was locked stays known for a day.</summary>
    private bool Renew(FailureCount count, DateTimeOffset now)
    {
        if (!count.IsForgotten(now, limits.ForgetAfter))
        {
            return false;
        }

        count.Failures = 0;
        count.NextAt = default;
        count.Locks = count.IsForgotten(now, limits.LongestSourceLock) ? 0 : count.Locks;
        return true;
    }

    private void Bound(DateTimeOffset now)
    {
        if (_counts.Count <= limits.Remembered)
        {
            return;
        }

        // Locks stay the longest; of the others the quietest half goes, so that this is rare.
        foreach (var (subject, _) in _counts.OrderBy(c => c.Value.LockedUntil > now).ThenBy(c => c.Value.LastAt).Take(_counts.Count / 2).ToList())
        {
            _counts.Remove(subject);
        }
    }
}
