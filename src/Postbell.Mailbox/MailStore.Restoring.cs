using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox.Accounts;
using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    /// <summary>
    /// Brings back from a backup what is no longer in a person's mailbox: folders, messages with flags and dates, and the account itself with its secrets and
    /// greetings when it is gone. Nothing that is there is changed or removed, and a quota does not stand in the way.
    /// </summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.BackupFailed"/>: there is no backup in the folder. <see cref="MailboxFailure.NoSuchAccount"/>: it does not know the person.
    /// </exception>
    public async Task<RestoreResult> RestoreMailboxAsync(string directory, string userName, CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(directory, DatabaseFile)))
        {
            throw new MailboxException(MailboxFailure.BackupFailed, $"There is no backup in {directory}.");
        }

        // Opening brings an older backup to this version's schema: that is done to a copy, and the backup stays as it was.
        var work = Directory.CreateTempSubdirectory("postbell-restore-").FullName;
        try
        {
            File.Copy(Path.Combine(directory, DatabaseFile), Path.Combine(work, DatabaseFile));
            Directory.CreateSymbolicLink(Path.Combine(work, BlobsFolder), Path.GetFullPath(Path.Combine(directory, BlobsFolder)));
            var options = new MailStoreOptions { DataDirectory = work, IndexText = false, KeepsOrphans = true };
            await using var backup = await OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, ct).ConfigureAwait(false);
            return await RestoreFromAsync(backup, userName, ct).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(Path.Combine(work, BlobsFolder));
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<RestoreResult> RestoreFromAsync(MailStore backup, string userName, CancellationToken ct)
    {
        var lost = await backup.FindAccountAsync(userName, ct).ConfigureAwait(false)
            ?? throw new MailboxException(MailboxFailure.NoSuchAccount, $"The backup has no account {userName}.");
        var here = await FindAccountAsync(userName, ct).ConfigureAwait(false);
        var account = here ?? await RestoreAccountAsync(backup, lost, ct).ConfigureAwait(false);
        var source = await backup.OpenMailboxAsync(lost.Id, ct).ConfigureAwait(false);
        var (restored, present, damaged) = (0, 0, new List<string>());
        foreach (var folder in (await source.ListFoldersAsync(ct).ConfigureAwait(false)).Where(static f => f.Selectable))
        {
            var there = await ChecksumsAsync(account.Id, folder.Name, ct).ConfigureAwait(false);
            foreach (var message in await source.ReadMessagesAsync(folder.Id, [UidRange.All], ct).ConfigureAwait(false))
            {
                var key = Key(message);
                if (there.TryGetValue(key, out var count) && count > 0)
                {
                    there[key] = count - 1;
                    present++;
                }
                else if (await TryReadAsync(source, message, ct).ConfigureAwait(false) is { } content)
                {
                    await RestoreMessageAsync(account.Id, folder, message, content, ct).ConfigureAwait(false);
                    restored++;
                }
                else
                {
                    damaged.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{folder.Name}, UID {message.Uid}"));
                }
            }
        }

        return new RestoreResult(here is null, restored, present, damaged);
    }

    private static (string Checksum, DateTimeOffset Date) Key(StoredMessage message) => (Convert.ToHexString(message.Checksum), message.InternalDate);

    private async Task<Dictionary<(string Checksum, DateTimeOffset Date), int>> ChecksumsAsync(long accountId, string folder, CancellationToken ct)
    {
        var messages = await Readers.ReadAsync(
            sql => FolderTable.Find(sql, accountId, folder) is { } row ? MessageTable.Stored(sql, accountId, row.Id, UidRange.All) : [], ct).ConfigureAwait(false);
        return messages.GroupBy(Key).ToDictionary(static group => group.Key, static group => group.Count());
    }

    private static async Task<ReadOnlyMemory<byte>?> TryReadAsync(MailboxView mailbox, StoredMessage message, CancellationToken ct)
    {
        try
        {
            return await mailbox.ReadContentAsync(message, ct).ConfigureAwait(false);
        }
        catch (MailboxException damaged) when (damaged.Reason == MailboxFailure.BlobDamaged)
        {
            return null;
        }
    }

    private async Task RestoreMessageAsync(long accountId, MailFolder folder, StoredMessage message, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var prepared = await PrepareAsync(content, message.Flags, message.InternalDate, ct).ConfigureAwait(false);
        await WriteWithBlobsAsync(
            [prepared],
            scope => MessageWrites.Append(
                scope, accountId,
                FolderTable.Find(scope.Sql, accountId, folder.Name) is { Selectable: true } there ? there : FolderWrites.Create(scope, accountId, folder.Name),
                [prepared]),
            ct).ConfigureAwait(false);
    }

    private async Task<Account> RestoreAccountAsync(MailStore backup, Account lost, CancellationToken ct)
    {
        var account = await CreateAccountAsync(
            new NewAccount
            {
                UserName = lost.UserName, DisplayName = lost.DisplayName, Extension = lost.Extension, DialPlan = lost.DialPlan, Policy = lost.Policy,
                Gateway = lost.Gateway, Address = lost.Address, Attributes = lost.Attributes,
            },
            ct).ConfigureAwait(false);
        foreach (var kind in new[] { PasswordKind, PinKind })
        {
            if (await backup.Readers.ReadAsync(sql => AccountTable.FindSecret(sql, lost.Id, kind), ct).ConfigureAwait(false) is { } secret)
            {
                await SetSecretAsync(account.Id, kind, secret, ct).ConfigureAwait(false);
            }
        }

        foreach (var name in GreetingNames.All)
        {
            if (await backup.GetGreetingAsync(lost.Id, name, ct).ConfigureAwait(false) is { } greeting)
            {
                await SetGreetingAsync(account.Id, name, greeting, ct).ConfigureAwait(false);
            }
        }

        return account;
    }
}
