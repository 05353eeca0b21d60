using System.Buffers;
using System.Globalization;
using System.Text;

namespace Postbell.Mailbox.Transfer;

/// <summary>Writes the messages of one folder into files, piece by piece.</summary>
internal sealed class FolderExport(MailboxView mailbox, MailFolder folder, string directory)
{
    private const int Chunk = 200;

    private readonly List<string> _damaged = [];
    private readonly List<string> _keywords = [];
    private long _messages;
    private long _octets;

    public async Task<ExportResult> WriteAsync(TransferFormat format, CancellationToken ct)
    {
        if (format == TransferFormat.Mbox)
        {
            var file = Create(Path.Combine(directory, FolderFileName.ForMbox(folder.Name)));
            await using (file.ConfigureAwait(false))
            {
                await EachAsync(message => AppendAsync(file, message, ct), ct).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
        }
        else
        {
            var place = Path.Combine(directory, FolderFileName.ForMaildir(folder.Name));
            MakeMaildir(place);
            await EachAsync(message => WriteFileAsync(place, message, ct), ct).ConfigureAwait(false);
            if (_keywords.Count > 0)
            {
                await File.WriteAllLinesAsync(
                    Path.Combine(place, "dovecot-keywords"), _keywords.Select(static (keyword, i) => string.Create(CultureInfo.InvariantCulture, $"{i} {keyword}")), ct).ConfigureAwait(false);
            }
        }

        return new ExportResult(1, _messages, _octets, _damaged);
    }

    /// <summary>Makes the three folders of a Maildir.</summary>
    public static void MakeMaildir(string place)
    {
        foreach (var part in new[] { "cur", "new", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(place, part));
        }
    }

    private async Task EachAsync(Func<StoredMessage, Task> write, CancellationToken ct)
    {
        var rows = (await mailbox.OpenFolderAsync(folder.Name, readOnly: true, ct).ConfigureAwait(false)).Rows;
        foreach (var uids in rows.Select(static row => row.Uid).Chunk(Chunk))
        {
            foreach (var message in await mailbox.ReadMessagesAsync(folder.Id, UidRange.From(uids), ct).ConfigureAwait(false))
            {
                try
                {
                    await write(message).ConfigureAwait(false);
                    _messages++;
                    _octets += message.Size;
                }
                catch (MailboxException lost) when (lost.Reason == MailboxFailure.BlobDamaged)
                {
                    _damaged.Add(string.Create(CultureInfo.InvariantCulture, $"{folder.Name}, UID {message.Uid}"));
                }
                catch (MailboxException gone) when (gone.Reason == MailboxFailure.NoSuchMessage)
                {
                    // Expunged since the folder was read.
                    continue;
                }
            }
        }
    }

    // What a damaged message left in the file is cut off again.
    private async Task AppendAsync(FileStream file, StoredMessage message, CancellationToken ct)
    {
        var begin = file.Position;
        try
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(MboxHead.Write(message)), ct).ConfigureAwait(false);
            await CopyAsync(file, message, new UnixLines(quotesFrom: true), ct).ConfigureAwait(false);
            file.WriteByte((byte)'\n');
        }
        catch (MailboxException)
        {
            file.SetLength(begin);
            file.Position = begin;
            throw;
        }
    }

    private async Task WriteFileAsync(string place, StoredMessage message, CancellationToken ct)
    {
        var letters = MaildirSource.Letters(message.Flags, Letter);
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{message.InternalDate.ToUnixTimeSeconds()}.{folder.Id}_{message.Uid}.postbell,S={message.Size}:2,{letters}");
        var path = Path.Combine(place, "cur", name);
        try
        {
            var file = Create(path);
            await using (file.ConfigureAwait(false))
            {
                await CopyAsync(file, message, new UnixLines(quotesFrom: false), ct).ConfigureAwait(false);
            }

            File.SetLastWriteTimeUtc(path, message.InternalDate.UtcDateTime);
        }
        catch (MailboxException)
        {
            File.Delete(path);
            throw;
        }
    }

    private async Task CopyAsync(FileStream file, StoredMessage message, UnixLines lines, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(128 * 1024);
        await mailbox.CopyContentAsync(
            message,
            async (piece, cancellation) =>
            {
                lines.Write(piece.Span, buffer);
                await file.WriteAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
                buffer.ResetWrittenCount();
            },
            ct).ConfigureAwait(false);
        lines.Finish(buffer);
        await file.WriteAsync(buffer.WrittenMemory, ct).ConfigureAwait(false);
    }

    private char? Letter(string keyword)
    {
        if (keyword.Equals("$Forwarded", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var number = _keywords.FindIndex(k => k.Equals(keyword, StringComparison.OrdinalIgnoreCase));
        if (number < 0 && _keywords.Count < 26)
        {
            number = _keywords.Count;
            _keywords.Add(keyword);
        }

        return number < 0 ? null : (char)('a' + number);
    }

    // For its owner only, as the store itself.
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
