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
            var there = await ChecksumsAsync(account.Id, folder.Name, TimeSpan.TicksPerMillisecond, ct).ConfigureAwait(false);
            foreach (var message in await source.ReadMessagesAsync(folder.Id, [UidRange.All], ct).ConfigureAwait(false))
            {
                var key = (Convert.ToHexString(message.Checksum), message.InternalDate.ToUnixTimeMilliseconds());
                if (there.TryGetValue(key, out var count) && count > 0)
                {
                    there[key] = count - 1;
                    present++;
                }
                else if (await TryRestoreAsync(account.Id, source, folder, message, ct).ConfigureAwait(false))
                {
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

    /// <summary>How often each message is in a folder, by checksum and internal date in units of so many ticks.</summary>
    private async Task<Dictionary<(string Checksum, long Date), int>> ChecksumsAsync(long accountId, string folder, long ticks, CancellationToken ct)
    {
        var messages = await Readers.ReadAsync(
            sql => FolderTable.Find(sql, accountId, folder) is { } row ? MessageTable.Checksums(sql, accountId, row.Id) : [], ct).ConfigureAwait(false);
        return messages.GroupBy(message => (Convert.ToHexString(message.Checksum), message.InternalDate / (ticks / TimeSpan.TicksPerMillisecond)))
            .ToDictionary(static group => group.Key, static group => group.Count());
    }

    private async Task<bool> TryRestoreAsync(long accountId, MailboxView source, MailFolder folder, StoredMessage message, CancellationToken ct)
    {
        using var spool = NewSpool();
        try
        {
            await source.CopyContentAsync(
                message,
                (piece, _) =>
                {
                    spool.Write(piece.Span);
                    return ValueTask.CompletedTask;
                },
                ct).ConfigureAwait(false);
        }
        catch (MailboxException damaged) when (damaged.Reason == MailboxFailure.BlobDamaged)
        {
            return false;
        }

        await PutAsync(accountId, folder.Name, NewMessage.Of(spool) with { Flags = message.Flags, InternalDate = message.InternalDate }, ct).ConfigureAwait(false);
        return true;
    }

    /// <summary>Puts a message into a folder, which is made when it is missing; a quota does not stand in the way.</summary>
    private async Task PutAsync(long accountId, string folder, NewMessage message, CancellationToken ct)
    {
        var prepared = await PrepareAsync(message, ct).ConfigureAwait(false);
        await WriteWithBlobsAsync(
            [prepared],
            scope => MessageWrites.Append(
                scope, accountId, FolderTable.Find(scope.Sql, accountId, folder) is { Selectable: true } there ? there : FolderWrites.Create(scope, accountId, folder), [prepared]),
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
