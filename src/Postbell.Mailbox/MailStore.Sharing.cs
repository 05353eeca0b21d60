using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Folders that others than their owner may use (RFC 4314).</content>
public sealed partial class MailStore
{
    /// <summary>The folders of others that a person may see, by owner, each in order of names.</summary>
    public async Task<IReadOnlyList<SharedFolder>> ListSharedFoldersAsync(long granteeId, CancellationToken ct) => await Readers.ReadAsync(
        sql =>
        {
            var shared = new List<SharedFolder>();
            foreach (var owned in RightsTable.SharedWith(sql, granteeId).GroupBy(static r => r.OwnerId))
            {
                if (AccountTable.Find(sql, owned.Key) is not { } owner)
                {
                    continue;
                }

                var rights = owned.GroupBy(static r => r.FolderId)
                    .ToDictionary(static g => g.Key, static g => g.Aggregate(FolderRights.None, static (all, one) => all | one.Rights));
                shared.AddRange(MailboxView.List(sql, owner.Id)
                    .Where(folder => rights.GetValueOrDefault(folder.Id).HasFlag(FolderRights.Lookup))
                    .Select(folder => new SharedFolder(owner.Id, owner.UserName, owner.IsTeam, folder with { Subscribed = false }, rights[folder.Id])));
            }

            return shared;
        },
        ct).ConfigureAwait(false);

    /// <summary>
    /// A folder of somebody else by the names of owner and folder, with what the person may do with it; null when it is not there, or he may nothing: the
    /// two cannot be told apart.
    /// </summary>
    public Task<SharedFolder?> FindSharedFolderAsync(string ownerName, string folderName, long granteeId, CancellationToken ct) => Readers.ReadAsync(
        sql =>
        {
            if (AccountTable.Find(sql, ownerName) is not { } owner || owner.Id == granteeId
                || MailboxView.List(sql, owner.Id).Find(f => f.Name == folderName) is not { } folder)
            {
                return null;
            }

            var rights = RightsTable.Find(sql, owner.Id, folder.Id, granteeId);
            return rights == FolderRights.None ? null : new SharedFolder(owner.Id, owner.UserName, owner.IsTeam, folder with { Subscribed = false }, rights);
        },
        ct);

    /// <summary>What a person may do with a folder: all with his own, nothing with one that is not there.</summary>
    public Task<FolderRights> ReadRightsAsync(long ownerId, long folderId, long personId, CancellationToken ct) => ownerId == personId
        ? Task.FromResult(FolderRights.All)
        : Readers.ReadAsync(sql => RightsTable.Find(sql, ownerId, folderId, personId), ct);

    /// <summary>Who was given what on a folder, everybody first.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public async Task<IReadOnlyList<FolderGrant>> ReadGrantsAsync(long ownerId, string folderName, CancellationToken ct) => await Readers.ReadAsync(
        sql => RightsTable.Grants(sql, ownerId, FindFolder(sql, ownerId, folderName).Id), ct).ConfigureAwait(false);

    /// <summary>Gives somebody rights on a folder in the place of those he had; none take them away.</summary>
    /// <param name="ownerId">Whose folder.</param>
    /// <param name="folderName">Which.</param>
    /// <param name="userName">To whom; null is everybody.</param>
    /// <param name="change">Makes the new rights of the old ones.</param>
    /// <param name="ct">Gives up before the write.</param>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchFolder"/>; <see cref="MailboxFailure.NoSuchAccount"/>; <see cref="MailboxFailure.NotPermitted"/> for the owner himself.
    /// </exception>
    public Task SetRightsAsync(long ownerId, string folderName, string? userName, Func<FolderRights, FolderRights> change, CancellationToken ct) => Writer.WriteAsync(
        scope =>
        {
            var folder = FindFolder(scope.Sql, ownerId, folderName);
            var grantee = userName is null ? RightsTable.Everybody
                : AccountTable.FindId(scope.Sql, userName) ?? throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");
            if (grantee == ownerId)
            {
                throw new MailboxException(MailboxFailure.NotPermitted, "The owner has all rights.");
            }

            // What everybody has is not what he was given himself.
            var before = RightsTable.FindOwn(scope.Sql, ownerId, folder.Id, grantee);
            RightsTable.Set(scope.Sql, ownerId, folder.Id, grantee, change(before));
            FolderWrites.Publish(scope, ownerId);
            return true;
        },
        ct);

    private static FolderRow FindFolder(SqlSession sql, long ownerId, string name) =>
        FolderTable.Find(sql, ownerId, FolderName.Normalise(name)) ?? throw new MailboxException(MailboxFailure.NoSuchFolder, "There is no such folder.");
}
