using Microsoft.Extensions.Logging;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Reading through everything, slowly and without end, so that damage is found while a backup still has what is lost.</content>
public sealed partial class MailStore
{
    private const int ScrubChunk = 50;
    private const int MostDamaged = 1000;
    private static readonly TimeSpan s_beforeScrub = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _scrubbing = new(1);
    private long _scrubbed;
    private long _damageFound;

    /// <summary>What the store knows of its health.</summary>
    public Task<StoreCondition> ReadConditionAsync(CancellationToken ct) => Readers.ReadAsync(
        sql => new StoreCondition(Fault, _health.DatabaseDamage, DamageTable.List(sql, MostDamaged), Progress(ScrubState.Read(sql))), ct);

    /// <summary>Reads through everything that was not read in this round yet, as fast as the disk allows when <paramref name="paced"/> is false.</summary>
    /// <returns>Time until the next round is due.</returns>
    internal async Task<TimeSpan> ScrubAsync(bool paced, CancellationToken ct)
    {
        await _scrubbing.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return await ScrubRoundAsync(paced, ct).ConfigureAwait(false);
        }
        finally
        {
            _scrubbing.Release();
        }
    }

    private async Task<TimeSpan> ScrubRoundAsync(bool paced, CancellationToken ct)
    {
        var state = await Readers.ReadAsync(ScrubState.Read, ct).ConfigureAwait(false);
        var due = DateTimeOffset.FromUnixTimeMilliseconds(state.StartedAt) + _options.ScrubEvery - _time.GetUtcNow();
        if (state is { IsUnderWay: false, StartedAt: > 0 } && due > TimeSpan.Zero && paced)
        {
            return due;
        }

        if (!state.IsUnderWay)
        {
            state = new ScrubState { StartedAt = _time.GetUtcNow().ToUnixTimeMilliseconds(), FinishedAt = state.FinishedAt };
            await CheckDatabaseAsync(ct).ConfigureAwait(false);
        }

        while (await NextToScrubAsync(state, ct).ConfigureAwait(false) is { } work)
        {
            state = await ScrubAsync(state, work.Account, work.Blobs, paced, ct).ConfigureAwait(false);
        }

        state = state with { Account = 0, Content = 0, FinishedAt = _time.GetUtcNow().ToUnixTimeMilliseconds() };
        await Writer.WriteAsync(
            scope =>
            {
                state.Write(scope.Sql);
                return DamageTable.ForgetGone(scope.Sql);
            },
            ct).ConfigureAwait(false);
        return _options.ScrubEvery;
    }

    /// <summary>Notes that bytes were found damaged while somebody wanted to read them.</summary>
    internal async Task NoteDamageAsync(long accountId, string blob, CancellationToken ct)
    {
        Interlocked.Increment(ref _damageFound);
        LogDamagedBlob(_log, blob, accountId);
        try
        {
            await Writer.WriteAsync(scope => Note(scope, accountId, blob, missing: !Blobs.Exists(blob)), ct).ConfigureAwait(false);
        }
        catch (MailboxException)
        {
            // A store that takes no writes has said so already; the log line is there.
        }
    }

    private static bool Note(WriteScope scope, long accountId, string blob, bool missing)
    {
        DamageTable.Note(scope.Sql, accountId, blob, missing, scope.Now);
        return true;
    }

    // Account by account: greetings first, then contents in order of their numbers.
    private Task<(long Account, List<NamedBlob> Blobs)?> NextToScrubAsync(ScrubState state, CancellationToken ct) => Readers.ReadAsync(
        sql =>
        {
            for (var (account, after) = (state.Account, state.Content); ; (account, after) = (sql.Number("SELECT min(account_id) FROM accounts WHERE account_id > $1", account) ?? -1, -1))
            {
                if (account < 0)
                {
                    return ((long, List<NamedBlob>)?)null;
                }

                var greetings = after < 0 ? VerificationTable.Greetings(sql, account) : [];
                var contents = VerificationTable.Contents(sql, account, Math.Max(after, 0), ScrubChunk);
                if (greetings.Count + contents.Count > 0)
                {
                    return (account, [.. greetings, .. contents]);
                }
            }
        },
        ct);

    private async Task<ScrubState> ScrubAsync(ScrubState state, long account, List<NamedBlob> blobs, bool paced, CancellationToken ct)
    {
        var (damaged, sound) = (new List<DamagedItem>(), new List<string>());
        foreach (var named in blobs)
        {
            if (await CheckAsync(account, named, ct).ConfigureAwait(false) is { } item)
            {
                damaged.Add(item);
                Interlocked.Increment(ref _damageFound);
                LogDamagedBlob(_log, item.Blob, account);
            }
            else
            {
                sound.Add(named.Blob.Name);
            }

            Interlocked.Increment(ref _scrubbed);
            if (paced && _options.ScrubOctetsPerSecond > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)named.Blob.Size / _options.ScrubOctetsPerSecond), _time, ct).ConfigureAwait(false);
            }
        }

        var next = state with
        {
            Account = account, Content = blobs[^1].ContentId ?? 0, Checked = state.Checked + blobs.Count, Octets = state.Octets + blobs.Sum(static b => b.Blob.Size),
        };
        return await Writer.WriteAsync(
            scope =>
            {
                damaged.ForEach(item => Note(scope, account, item.Blob, item.IsMissing));
                foreach (var blob in sound.Where(blob => DamageTable.IsNoted(scope.Sql, account, blob)))
                {
                    DamageTable.Forget(scope.Sql, account, blob);
                }

                next.Write(scope.Sql);
                return next;
            },
            ct).ConfigureAwait(false);
    }

    // Table by table: a reader that takes long keeps the write-ahead log from being emptied.
    private async Task CheckDatabaseAsync(CancellationToken ct)
    {
        foreach (var table in await Readers.ReadAsync(VerificationTable.Tables, ct).ConfigureAwait(false))
        {
            if (await Readers.ReadAsync(sql => VerificationTable.QuickCheck(sql, table), ct).ConfigureAwait(false) is var verdict and not "ok")
            {
                _health.Damaged(new InvalidDataException($"{table}: {verdict}"));
            }
        }
    }

    private static ScrubProgress Progress(ScrubState state) => new(Time(state.StartedAt), Time(state.FinishedAt), state.Checked, state.Octets);

    private static DateTimeOffset? Time(long milliseconds) => milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    [LoggerMessage(2, LogLevel.Error, "Blob {Blob} of account {Account} is missing or damaged: postbell doctor says which message it is, postbell mailbox restore brings it back")]
    private static partial void LogDamagedBlob(ILogger log, string blob, long account);
}
