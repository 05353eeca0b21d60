using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Postbell.Mailbox.Transfer;

/// <summary>One folder of a Maildir: plain files in <c>cur</c> and <c>new</c>. Links are not followed: they may lead anywhere.</summary>
internal sealed class MaildirSource(string directory, string name, Func<MessageSpool> newSpool)
{
    private static readonly (char Letter, SystemFlags Flag)[] s_letters =
        [('D', SystemFlags.Draft), ('F', SystemFlags.Flagged), ('R', SystemFlags.Answered), ('S', SystemFlags.Seen), ('T', SystemFlags.Deleted)];

    /// <summary>The part of a file name that holds flags.</summary>
    /// <param name="flags">The flags.</param>
    /// <param name="letterOf">Letter of a keyword, or null when there is none left.</param>
    public static string Letters(MessageFlags flags, Func<string, char?> letterOf) =>
        string.Concat(s_letters.Where(l => flags.Has(l.Flag)).Select(static l => l.Letter))
        + (flags.Has("$Forwarded") ? "P" : "") + string.Concat(flags.KeywordList.Select(letterOf).OfType<char>().Order());

    /// <summary>Each message; whoever takes one disposes of it. What cannot be read is told to <paramref name="refuse"/>.</summary>
    public async IAsyncEnumerable<IncomingFileMessage> ReadAsync(Action<string> refuse, [EnumeratorCancellation] CancellationToken ct)
    {
        var keywords = ReadKeywords();
        foreach (var path in Files())
        {
            var place = $"{name}/{Path.GetFileName(path)}";
            var message = new IncomingFileMessage(newSpool(), place);
            var taken = false;
            try
            {
                taken = await TryTakeAsync(message, path, keywords, refuse, ct).ConfigureAwait(false);
            }
            finally
            {
                if (!taken)
                {
                    message.Dispose();
                }
            }

            if (taken)
            {
                yield return message;
            }
        }
    }

    private IEnumerable<string> Files() => new[] { "cur", "new" }.Select(part => Path.Combine(directory, part)).Where(IsPlainDirectory)
        .SelectMany(part => Directory.EnumerateFiles(part).Order(StringComparer.Ordinal)).Where(static path => !Path.GetFileName(path).StartsWith('.'));

    /// <summary>True for a directory that is no link.</summary>
    public static bool IsPlainDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    private static async Task<bool> TryTakeAsync(IncomingFileMessage message, string path, string[] keywords, Action<string> refuse, CancellationToken ct)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is not null)
        {
            refuse($"{message.Place}: a link is not followed");
            return false;
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using (file.ConfigureAwait(false))
            {
                // A pipe or device would be read without end.
                if (!file.CanSeek)
                {
                    refuse($"{message.Place}: no plain file");
                    return false;
                }

                var lines = new LinePieces(file);
                while (await lines.MoveNextAsync(ct).ConfigureAwait(false))
                {
                    message.Write(lines.Current.Span);
                    message.Write(lines.Ends ? "\r\n"u8 : []);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            refuse($"{message.Place}: {fault.Message}");
            return false;
        }

        message.Date = new DateTimeOffset(info.LastWriteTimeUtc, TimeSpan.Zero);
        ReadLetters(message, Path.GetFileName(path), keywords);
        return true;
    }

    private static void ReadLetters(IncomingFileMessage message, string file, string[] keywords)
    {
        var at = file.LastIndexOf(":2,", StringComparison.Ordinal);
        foreach (var letter in at < 0 ? "" : file[(at + 3)..])
        {
            message.Flags |= Array.Find(s_letters, l => l.Letter == letter).Flag;
            if (letter == 'P')
            {
                message.Keywords.Add("$Forwarded");
            }
            else if (letter - 'a' is >= 0 and < 26 and var number && keywords[number] is { Length: > 0 } keyword)
            {
                message.Keywords.Add(keyword);
            }
        }
    }

    // As Dovecot keeps them: "0 $Work" for the letter a.
    private string[] ReadKeywords()
    {
        var keywords = new string[26];
        var path = Path.Combine(directory, "dovecot-keywords");
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null, Length: < 64 * 1024 })
        {
            return keywords;
        }

        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            var parts = line.Split(' ', 2);
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < keywords.Length)
            {
                keywords[number] = parts[1].Trim();
            }
        }

        return keywords;
    }
}
