using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Notes about mailboxes (RFC 5464).</content>
public sealed partial class MailStore
{
    /// <summary>The notes about a folder that a person sees: those for everybody and his own, in order of names. Folder 0 is the mailbox as a whole.</summary>
    public async Task<IReadOnlyList<MetadataEntry>> ReadMetadataAsync(long accountId, long folderId, long readerId, CancellationToken ct) =>
        await Readers.ReadAsync(sql => MetadataTable.List(sql, accountId, folderId, readerId), ct).ConfigureAwait(false);

    /// <summary>Sets notes about a folder, all or none: those for everybody, and those of one person.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.MetadataTooLarge"/>, <see cref="MailboxFailure.TooMuchMetadata"/>.
    /// </exception>
    public Task SetMetadataAsync(long accountId, long folderId, long readerId, IReadOnlyList<MetadataEntry> entries, CancellationToken ct)
    {
        if (entries.Any(static e => e.Value is { Length: > MetadataEntry.LargestValue }))
        {
            throw new MailboxException(MailboxFailure.MetadataTooLarge, "A note has too many bytes.");
        }

        return Writer.WriteAsync(
            scope =>
            {
                if (folderId != 0 && FolderTable.Find(scope.Sql, accountId, folderId) is null)
                {
                    throw new MailboxException(MailboxFailure.NoSuchFolder, "There is no such folder.");
                }

                foreach (var entry in entries)
                {
                    MetadataTable.Set(scope.Sql, accountId, folderId, entry.IsShared ? MetadataTable.Everybody : readerId, entry.Name, entry.Value);
                }

                if (MetadataTable.Count(scope.Sql, accountId, folderId, MetadataTable.Everybody) > MetadataEntry.MostEntries
                    || MetadataTable.Count(scope.Sql, accountId, folderId, readerId) > MetadataEntry.MostEntries)
                {
                    throw new MailboxException(MailboxFailure.TooMuchMetadata, "There are too many notes.");
                }

                return true;
            },
            ct);
    }
}
