using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Messages that were removed and can be brought back.</content>
public sealed partial class MailboxView
{
    /// <summary>What was removed since a time and can be brought back, the last removed first.</summary>
    public async Task<IReadOnlyList<RemovedMessage>> ListRemovedAsync(DateTimeOffset since, int count, CancellationToken ct) =>
        await _store.Readers.ReadAsync(sql => RemovedTable.List(sql, AccountId, since, count), ct).ConfigureAwait(false);

    /// <summary>
    /// Brings removed messages back into their folders, all in one step; numbers that are not among the removed ones are left out. A quota does not stand in the way.
    /// </summary>
    public async Task<IReadOnlyList<UndeletedMessage>> UndeleteAsync(IReadOnlyList<long> ids, CancellationToken ct) =>
        await _store.Writer.WriteAsync(scope => RemovedWrites.Undelete(scope, AccountId, ids), ct).ConfigureAwait(false);
}
