using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Rows that lose their worth with time.</content>
public sealed partial class MailStore
{
    private const int PruneChunk = 500;

    /// <summary>Forgets the oldest expunged UIDs of folders with very many, keys of deliveries and the ledger of messages from long ago.</summary>
    internal async Task PruneAsync(CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        foreach (var (account, folder) in await Readers.ReadAsync(sql => PruningTable.LongLogs(sql, _options.ExpungedLogLength), ct).ConfigureAwait(false))
        {
            await InPiecesAsync(sql => PruningTable.PruneExpunged(sql, account, folder, _options.ExpungedLogLength, PruneChunk), ct).ConfigureAwait(false);
        }

        await InPiecesAsync(sql => VacationTable.Prune(sql, now - s_longestVacationPeriod, PruneChunk), ct).ConfigureAwait(false);
        await InPiecesAsync(sql => PruningTable.PruneTraces(sql, now - _options.LedgerRetention, PruneChunk), ct).ConfigureAwait(false);
        var before = now - _options.DeliveryKeyRetention;
        while (await Readers.ReadAsync(sql => PruningTable.OldKeys(sql, before, PruneChunk), ct).ConfigureAwait(false) is { Count: > 0 } keys)
        {
            await Writer.WriteAsync(scope => PruningTable.DeleteKeys(scope.Sql, keys), ct).ConfigureAwait(false);
        }
    }

    private async Task InPiecesAsync(Func<SqlSession, int> piece, CancellationToken ct)
    {
        while (await Writer.WriteAsync(scope => piece(scope.Sql), ct).ConfigureAwait(false) > 0)
        {
        }
    }
}
