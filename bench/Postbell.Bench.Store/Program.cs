using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox;

namespace Postbell.Bench.Store;

/// <summary>How long a search for text in a large folder takes, with and without the full-text index: <c>Postbell.Bench.Store [messages]</c>.</summary>
internal static class Program
{
    private const int Rounds = 5;

    private static readonly string[] Words = [.. Enumerable.Range(0, 2000).Select(static i => "word" + Convert.ToString(i * 7919, 16))];

    private static async Task<int> Main(string[] args)
    {
        var messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
        var directory = Directory.CreateTempSubdirectory("postbell-bench-").FullName;
        try
        {
            await using (var store = await OpenAsync(directory, index: false))
            {
                await FillAsync(store, messages);
                await ReportAsync(store, "reading every message");
            }

            await using (var store = await OpenAsync(directory, index: true))
            {
                var watch = Stopwatch.StartNew();
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
                while (await store.CountUnindexedAsync(default) > 0 && await timer.WaitForNextTickAsync())
                {
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"indexing {messages} messages: {watch.Elapsed.TotalSeconds:0.0} s, database {new FileInfo(Path.Combine(directory, "postbell.db")).Length >> 20} MB"));
                await ReportAsync(store, "with the index");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return 0;
    }

    private static Task<MailStore> OpenAsync(string directory, bool index) => MailStore.OpenAsync(
        new MailStoreOptions { DataDirectory = directory, IndexText = index }, TimeProvider.System, NullLoggerFactory.Instance, default);

    private static async Task FillAsync(MailStore store, int messages)
    {
        var account = (await store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann" }, default)).Id;
        var random = new Random(1);
        var texts = Enumerable.Range(0, messages).Select(i =>
            $"Message-ID: <{i}@bench>\r\nFrom: somebody@example.com\r\nSubject: message {i}\r\n\r\n{string.Join(' ', Enumerable.Range(0, 300).Select(_ => Words[random.Next(Words.Length)]))}{(i % 1000 == 0 ? " needle" : "")}\r\n").ToList();
        await Parallel.ForAsync(0, messages, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, ct) =>
            await store.DeliverAsync(account, new MailDelivery { Message = System.Text.Encoding.ASCII.GetBytes(texts[i]), IdempotencyKey = $"{i}" }, ct));
    }

    private static async Task ReportAsync(MailStore store, string how)
    {
        var mailbox = await store.OpenMailboxAsync((await store.FindAccountAsync("ann", default))!.Id, default);
        var folder = (await mailbox.OpenFolderAsync("INBOX", readOnly: true, default)).Folder.Id;
        var best = TimeSpan.MaxValue;
        var found = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            found = (await mailbox.SearchAsync(folder, new SearchCriterion.BodyContains("NEEDLE"), default)).Count;
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"BODY needle, {how}: {best.TotalMilliseconds:0.0} ms (best of {Rounds}), {found} found"));
    }
}
