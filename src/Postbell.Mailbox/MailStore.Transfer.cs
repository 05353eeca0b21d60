using System.Globalization;
using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Transfer;

namespace Postbell.Mailbox;

/// <content>Mailboxes to and from files of other programs.</content>
public sealed partial class MailStore
{
    private const int MostRefusals = 1000;

    /// <summary>Writes a person's mailbox, or one folder with those below it, into an empty or new folder of the disk, while the store works on.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="directory">Where to; made when it is missing, for its owner only.</param>
    /// <param name="format">How.</param>
    /// <param name="folder">The folder; null for all.</param>
    /// <param name="ct">Ends the work early.</param>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.BackupFailed"/>: the folder of the disk is not empty or cannot be written. <see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NoSuchAccount"/>.
    /// </exception>
    public async Task<ExportResult> ExportAsync(long accountId, string directory, TransferFormat format, string? folder, CancellationToken ct)
    {
        var mailbox = await OpenMailboxAsync(accountId, ct).ConfigureAwait(false);
        var wanted = folder is null ? null : FolderName.Normalise(folder);
        var folders = (await mailbox.ListFoldersAsync(ct).ConfigureAwait(false))
            .Where(f => f.Selectable && (wanted is null || f.Name == wanted || FolderName.IsBelow(f.Name, wanted))).ToList();
        if (folders.Count == 0)
        {
            throw new MailboxException(MailboxFailure.NoSuchFolder, "There is no such folder.");
        }

        try
        {
            if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            {
                throw new MailboxException(MailboxFailure.BackupFailed, $"{directory} is not empty.");
            }

            MakePrivate(directory);
            if (format == TransferFormat.Maildir)
            {
                // What makes it a Maildir, also when INBOX is not among the folders.
                FolderExport.MakeMaildir(directory);
            }

            var total = new ExportResult(0, 0, 0, []);
            foreach (var one in folders)
            {
                var written = await new FolderExport(mailbox, one, directory).WriteAsync(format, ct).ConfigureAwait(false);
                total = new ExportResult(
                    total.Folders + 1, total.Messages + written.Messages, total.Octets + written.Octets, [.. total.Damaged, .. written.Damaged]);
            }

            return total;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MailboxException(MailboxFailure.BackupFailed, $"The export could not be written: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// Takes messages from an mbox file, a folder of them, or a Maildir into a person's mailbox: flags and dates go with them, folders are made, a message that is in
    /// its folder already is not taken twice. A quota does not stand in the way. What cannot be taken is named and the rest goes on.
    /// </summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="path">File or folder on the disk.</param>
    /// <param name="into">Folder of the mailbox for everything: a single mbox goes into it, several folders below it. Null: as the files are named; a single mbox goes to INBOX.</param>
    /// <param name="ct">Ends the work early; what was taken stays.</param>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BackupFailed"/>: nothing that can be imported is there, or the disk of the server failed.</exception>
    public async Task<ImportResult> ImportAsync(long accountId, string path, string? into, CancellationToken ct)
    {
        var refused = new List<string>();
        var (folders, imported, present) = (0, 0L, 0L);
        try
        {
            foreach (var (folder, messages) in Sources(path, into, Refuse, ct))
            {
                var (taken, there) = await ImportAsync(accountId, folder, messages, Refuse, ct).ConfigureAwait(false);
                (folders, imported, present) = (folders + (taken > 0 ? 1 : 0), imported + taken, present + there);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MailboxException(MailboxFailure.BackupFailed, $"{path} could not be read: {fault.Message}", fault);
        }

        return new ImportResult(folders, imported, present, refused);

        void Refuse(string why)
        {
            if (refused.Count < MostRefusals)
            {
                refused.Add(Core.DisplayText.Clean(why, 500));
            }
        }
    }

    private IEnumerable<(string Folder, IAsyncEnumerable<IncomingFileMessage> Messages)> Sources(string path, string? into, Action<string> refuse, CancellationToken ct)
    {
        if (File.Exists(path))
        {
            yield return (into ?? FolderNames.Inbox, ReadMboxAsync(path, ct));
            yield break;
        }

        if (!Directory.Exists(path))
        {
            throw new MailboxException(MailboxFailure.BackupFailed, $"There is no file or folder {path}.");
        }

        if (Directory.Exists(Path.Combine(path, "cur")))
        {
            var directories = Directory.EnumerateDirectories(path, ".*").Where(MaildirSource.IsPlainDirectory).Order(StringComparer.Ordinal);
            foreach (var directory in (string[])[path, .. directories])
            {
                var name = directory == path ? "" : Path.GetFileName(directory);
                yield return (Below(into, FolderFileName.OfMaildir(name)), new MaildirSource(directory, name.Length == 0 ? "INBOX" : name, () => NewSpool()).ReadAsync(refuse, ct));
            }

            yield break;
        }

        var files = Directory.EnumerateFiles(path, "*.mbox").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new MailboxException(MailboxFailure.BackupFailed, $"{path} is no Maildir (it has no cur) and holds no .mbox files.");
        }

        foreach (var file in files)
        {
            yield return (Below(into, FolderFileName.OfMbox(file)), ReadMboxAsync(file, ct));
        }
    }

    private async IAsyncEnumerable<IncomingFileMessage> ReadMboxAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            await foreach (var message in new MboxSource(file, Path.GetFileName(path), () => NewSpool()).ReadAsync(ct).ConfigureAwait(false))
            {
                yield return message;
            }
        }
    }

    private async Task<(long Taken, long Present)> ImportAsync(
        long accountId, string folder, IAsyncEnumerable<IncomingFileMessage> messages, Action<string> refuse, CancellationToken ct)
    {
        var (taken, present) = (0L, 0L);
        string name;
        try
        {
            name = FolderName.Normalise(folder);
        }
        catch (MailboxException)
        {
            refuse($"{folder}: a folder cannot be called so");
            return (0, 0);
        }

        // Files know whole seconds only.
        var there = await ChecksumsAsync(accountId, name, TimeSpan.TicksPerSecond, ct).ConfigureAwait(false);
        await foreach (var message in messages.ConfigureAwait(false))
        {
            using (message)
            {
                try
                {
                    var key = (message.Spool.ReadChecksum(), (message.Date ?? _time.GetUtcNow()).ToUnixTimeSeconds());
                    if (message.Spool.Length == 0)
                    {
                        refuse($"{message.Place}: empty");
                    }
                    else if (there.TryGetValue(key, out var count) && count > 0)
                    {
                        there[key] = count - 1;
                        present++;
                    }
                    else
                    {
                        await PutAsync(accountId, name, NewMessage.Of(message.Spool) with { Flags = message.ReadFlags(), InternalDate = message.Date }, ct).ConfigureAwait(false);
                        taken++;
                    }
                }
                catch (MailboxException large) when (large.Reason == MailboxFailure.MessageTooLarge)
                {
                    refuse(string.Create(CultureInfo.InvariantCulture, $"{message.Place}: {message.Spool.Length} octets are more than the store takes"));
                }
            }
        }

        return (taken, present);
    }

    private static string Below(string? into, string folder) => into is null ? folder : folder == FolderNames.Inbox ? into : into + FolderNames.Separator + folder;
}
