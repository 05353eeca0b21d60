using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Mailbox;
using Postbell.SignIn.Guarding;

namespace Postbell.SignIn;

/// <summary>
/// Stands before every check of a secret, at every door: who guesses is slowed and locked out, whatever connections, addresses and doors he spreads his
/// tries over. Safe from any thread.
/// </summary>
/// <remarks>
/// Refusals count against the source and against the account. An account that strangers locked stays open to its owner: from a network he has signed in
/// from before he is no stranger, and only refusals from that network count against him there. What is refused for a lock takes no work, and a name that
/// does not exist is slowed and locked as one that does, so neither answer nor time tells which names exist.
/// </remarks>
public sealed class SignInGuard : IDisposable
{
    private readonly MailStore _store;
    private readonly SignInLimits _limits;
    private readonly Func<Account?, SignInSecret, SignInRule> _ruleOf;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly FailureTable _failures;
    private readonly KnownNetworks _networks;
    private readonly SemaphoreSlim _strangers = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly SemaphoreSlim _known = new(1);

    private SignInGuard(MailStore store, SignInLimits limits, Func<Account?, SignInSecret, SignInRule> ruleOf, TimeProvider time, ILoggerFactory log)
    {
        (_store, _limits, _ruleOf, _time) = (store, limits, ruleOf, time);
        _log = log.CreateLogger<SignInGuard>();
        _failures = new FailureTable(limits, time);
        _networks = new KnownNetworks(limits, time);
    }

    /// <summary>What happened since start.</summary>
    public SignInStatistics Statistics { get; } = new();

    /// <summary>The locks that hold now, those that end first first.</summary>
    public IReadOnlyList<SignInLock> Locks => _failures.Locks();

    /// <summary>A guard that remembers what the store remembers.</summary>
    /// <param name="store">Where accounts, locks and known networks are; stays the caller's.</param>
    /// <param name="limits">What sources may do.</param>
    /// <param name="ruleOf">What an account stands, and (null) a name that does not exist; asked anew each time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it logs.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<SignInGuard> OpenAsync(
        MailStore store, SignInLimits limits, Func<Account?, SignInSecret, SignInRule> ruleOf, TimeProvider time, ILoggerFactory log, CancellationToken ct)
    {
        var guard = new SignInGuard(store, limits, ruleOf, time, log);
        guard._failures.Load(await store.ReadSignInRecordsAsync(ct).ConfigureAwait(false));
        guard._networks.Load(await store.ReadKnownNetworksAsync(ct).ConfigureAwait(false));
        return guard;
    }

    /// <summary>Lets a secret be checked when its turn has come, or not at all, and counts what came of it.</summary>
    /// <param name="attempt">Who tries what.</param>
    /// <param name="check">Gives the account when the secret is right, else null; must take the same work for names that do not exist.</param>
    /// <param name="ct">The connection is gone.</param>
    public async Task<SignInOutcome> SignInAsync(SignInAttempt attempt, Func<CancellationToken, Task<Account?>> check, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(check);
        var named = await _store.FindAccountAsync(attempt.UserName, ct).ConfigureAwait(false);
        var known = named is not null && _networks.Contains(named.Id, attempt.Source);
        var subjects = SubjectsOf(attempt, known);
        var outcome = await CheckInTurnAsync(attempt, subjects, named, known, check, ct).ConfigureAwait(false);
        Statistics.Tried(attempt.Door, outcome.Verdict);
        if (outcome.Account is { } account && _networks.Note(account.Id, attempt.Source) is { } network)
        {
            await RememberAsync(account, network, first: !known).ConfigureAwait(false);
        }

        return outcome;
    }

    /// <summary>Takes away the locks of an account, whatever secret and network, and forgets its refusals. Gives how many locks there were.</summary>
    /// <exception cref="MailboxException">The store takes no writes.</exception>
    public Task<int> UnlockAsync(string userName, CancellationToken ct) =>
        UnlockAsync(lockOf => lockOf.Name == Subject.Key(userName), subject => subject.Kind != Subject.OfSource && subject.Name == Subject.Key(userName), ct);

    /// <summary>Takes away the lock of a source and forgets its refusals. Gives how many locks there were.</summary>
    /// <exception cref="MailboxException">The store takes no writes.</exception>
    public Task<int> UnlockSourceAsync(string source, CancellationToken ct)
    {
        var wanted = Subject.ForSource(source.Split('/')[0]);
        return UnlockAsync(lockOf => lockOf.Kind == Subject.OfSource && lockOf.Source == wanted.Source, subject => subject == wanted, ct);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _strangers.Dispose();
        _known.Dispose();
    }

    private async Task<int> UnlockAsync(Func<SignInLock, bool> locks, Func<Subject, bool> subjects, CancellationToken ct)
    {
        var count = Locks.Count(locks);
        var gone = _failures.Forget(subjects);
        await _store.RemoveSignInRecordsAsync([.. gone.Select(static subject => subject.Stored)], ct).ConfigureAwait(false);
        _log.Unlocked(count);
        return count;
    }

    private Subject[] SubjectsOf(SignInAttempt attempt, bool known)
    {
        if (known && attempt.Secret != SignInSecret.Token)
        {
            return [Subject.ForPair(attempt)];
        }

        var countsAccount = attempt.UserName.Length > 0 && attempt.Secret != SignInSecret.Token;
        var countsSource = !SourceNames.IsIn(attempt.Source, _limits.SharedSources);
        return (countsSource, countsAccount) switch
        {
            (true, true) => [Subject.ForSource(attempt.Source), Subject.ForAccount(attempt)],
            (true, false) => [Subject.ForSource(attempt.Source)],
            (false, true) => [Subject.ForAccount(attempt)],
            _ => [],
        };
    }

    private async Task<SignInOutcome> CheckInTurnAsync(
        SignInAttempt attempt, Subject[] subjects, Account? named, bool known, Func<CancellationToken, Task<Account?>> check, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(_limits.LongestWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        // What strangers do must not make those wait whom we know.
        var turns = known ? _known : _strangers;
        try
        {
            while (true)
            {
                // A token is checked elsewhere, which may take long and costs nothing here.
                using var turn = attempt.Secret == SignInSecret.Token ? null : await TakeTurnAsync(turns, either.Token).ConfigureAwait(false);
                var (locked, from) = _failures.Ask(subjects);
                if (locked)
                {
                    return new SignInOutcome(SignInVerdict.Locked, null);
                }

                var wait = from - _time.GetUtcNow();
                if (wait <= TimeSpan.Zero)
                {
                    return await CheckAsync(attempt, subjects, named, check, ct).ConfigureAwait(false);
                }

                // Looked at again afterwards: others may have been refused meanwhile.
                turn?.Dispose();
                await Task.Delay(wait, _time, either.Token).ConfigureAwait(false);
            }
        }
        catch (SignInUnavailableException)
        {
            return new SignInOutcome(SignInVerdict.Unavailable, null);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new SignInOutcome(SignInVerdict.Busy, null);
        }
    }

    private async Task<SignInOutcome> CheckAsync(
        SignInAttempt attempt, Subject[] subjects, Account? named, Func<CancellationToken, Task<Account?>> check, CancellationToken ct)
    {
        if (await check(ct).ConfigureAwait(false) is { } account)
        {
            // Only time forgives strangers: who has a password of his own could start anew as often as he likes. On a pair it is the owner's right.
            if (subjects is [{ Kind: Subject.OfPair } pair])
            {
                _failures.Forget(subject => subject == pair);
            }

            return new SignInOutcome(SignInVerdict.Accepted, account);
        }

        var changed = _failures.Refuse(subjects, attempt, _ruleOf(named, attempt.Secret));
        foreach (var (subject, record, _) in changed.Where(static c => c.LockBegins))
        {
            Statistics.Locked(subject.Kind);
            Say(subject, record.LockedUntil, attempt);
        }

        await StoreAsync([.. changed.Where(c => named is not null || c.Subject.Kind == Subject.OfSource).Select(static c => c.Record)]).ConfigureAwait(false);
        return new SignInOutcome(SignInVerdict.Refused, null);
    }

    private void Say(Subject subject, DateTimeOffset until, SignInAttempt attempt)
    {
        var (name, source) = (DisplayText.Clean(subject.Name), DisplayText.Clean(SourceNames.Source(attempt.Source)));
        switch (subject.Kind)
        {
            case Subject.OfSource:
                _log.SourceLocked(source, until, attempt.Door);
                break;
            case Subject.OfAccount:
                _log.AccountLocked(subject.Secret, name, until, source, attempt.Door);
                break;
            default:
                _log.PairLocked(subject.Secret, name, DisplayText.Clean(subject.Source), until, attempt.Door);
                break;
        }
    }

    // Not given up with the connection: who hangs up at once must not go uncounted. A store that takes no writes must not let nobody in.
    private async Task StoreAsync(IReadOnlyList<SignInRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        try
        {
            await _store.SaveSignInRecordsAsync(records, _time.GetUtcNow() - _limits.LongestSourceLock - _limits.ForgetAfter, CancellationToken.None).ConfigureAwait(false);
        }
        catch (MailboxException refusal)
        {
            _log.NotStored(refusal.Reason);
        }
    }

    private async Task RememberAsync(Account account, KnownNetwork network, bool first)
    {
        if (first)
        {
            _log.NewNetwork(account.UserName, DisplayText.Clean(network.Network));
        }

        try
        {
            await _store.NoteKnownNetworkAsync(network, _time.GetUtcNow() - _limits.NetworkKnownFor, CancellationToken.None).ConfigureAwait(false);
        }
        catch (MailboxException refusal)
        {
            _log.NotStored(refusal.Reason);
        }
    }

    private static async Task<Turn> TakeTurnAsync(SemaphoreSlim turns, CancellationToken ct)
    {
        await turns.WaitAsync(ct).ConfigureAwait(false);
        return new Turn(turns);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                turns.Release();
            }
        }
    }
}
