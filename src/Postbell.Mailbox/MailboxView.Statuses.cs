using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Several folders at once, and folders with a use.</content>
public sealed partial class MailboxView
{
    /// <summary>Counts of several folders, in the order asked for and of one instant; folders that are gone or not selectable are left out.</summary>
    public async Task<IReadOnlyList<FolderStatus>> ReadStatusesAsync(IReadOnlyList<long> folderIds, CancellationToken ct) =>
        await _store.Readers.ReadAsync(
            sql =>
            {
                var folders = List(sql).ToDictionary(static f => f.Id);
                var statuses = new List<FolderStatus>(folderIds.Count);
                foreach (var id in folderIds)
                {
                    if (folders.TryGetValue(id, out var folder) && FolderTable.Find(sql, AccountId, id) is { Selectable: true } row)
                    {
                        statuses.Add(MessageTable.Status(sql, AccountId, row, folder));
                    }
                }

                return statuses;
            },
            ct).ConfigureAwait(false);

    /// <summary>As <see cref="CreateFolderAsync(string, CancellationToken)"/>, with a special use (RFC 6154); several folders may have the same.</summary>
    /// <exception cref="MailboxException">As there.</exception>
    public Task<MailFolder> CreateFolderAsync(string name, FolderUse use, CancellationToken ct)
    {
        var normal = FolderName.Normalise(name);
        return _store.Writer.WriteAsync(
            scope =>
            {
                FolderWrites.Create(scope, AccountId, normal, _store.Options.MaxFolders, use);
                return List(scope.Sql).Find(f => f.Name == normal)!;
            },
            ct);
    }
}
