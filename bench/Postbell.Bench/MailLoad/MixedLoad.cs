using System.Diagnostics;
using System.Text;
using Postbell.Bench.Measuring;

namespace Postbell.Bench.MailLoad;

/// <summary>
/// Clients that work in their mailboxes without pause, two in each: of a hundred turns 22 fetch a message, 16 fetch a page of the list, 26 change flags,
/// 12 append a letter, 12 search, 12 remove a message (two commands).
/// </summary>
internal sealed class MixedLoad(MailTarget target, Arguments arguments)
{
    private const int KeptMessages = 200;

    private readonly int _clients = (int)arguments.Number("clients", 50);
    private readonly TimeSpan _time = arguments.Seconds("seconds", 12);
    private readonly Spread _times = new();
    private readonly byte[][] _letters = MakeLetters();
    private long _deadline;
    private int _operations;
    private int _refused;

    public async Task<MailFigures> RunAsync()
    {
        var clients = new List<ImapClient>();
        for (var i = 0; i < _clients; i++)
        {
            var client = await target.LoginAsync(i / 2);
            await client.DemandAsync("SELECT INBOX");
            clients.Add(client);
        }

        for (var i = 0; i < _clients; i += 2)
        {
            await FillAsync(clients[i]);
        }

        foreach (var client in clients)
        {
            await client.DemandAsync("NOOP");
        }

        await RoundAsync(clients, TimeSpan.FromSeconds(4));
        await ServerMeter.WaitUntilQuietAsync(target.Root);
        (_operations, _refused) = (0, 0);
        var times = new Spread();
        await Console.Error.WriteLineAsync("  begins");
        var meter = ServerMeter.Start(target.Root);
        var begin = Stopwatch.GetTimestamp();
        await RoundAsync(clients, _time, times);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var use = await meter.StopAsync();
        clients.ForEach(c => c.Dispose());
        await ServerMeter.WaitUntilQuietAsync(target.Root);
        return new MailFigures("mixed", target.Name, new Dictionary<string, double>
        {
            ["operations a second"] = _operations / seconds,
            ["ms p50"] = times.At(0.5) ?? 0,
            ["ms p99"] = times.At(0.99) ?? 0,
            ["CPU ms each"] = use.CpuSeconds * 1000 / _operations,
            ["M instructions each"] = (use.Instructions ?? 0) / 1e6 / _operations,
            ["refused"] = _refused,
        });
    }

    private static byte[][] MakeLetters()
    {
        var texts = new MailTexts(2);
        return [.. Enumerable.Range(0, 64).Select(i => texts.Letter($"{i}.{Stopwatch.GetTimestamp()}", 800))];
    }

    private async Task RoundAsync(List<ImapClient> clients, TimeSpan time, Spread? times = null)
    {
        _deadline = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(clients.Select((c, i) => WorkAsync(c, new Random(i), times ?? _times)));
    }

    /// <summary>The same number of messages in each mailbox, whatever a run before left.</summary>
    private async Task FillAsync(ImapClient client)
    {
        await client.DemandAsync("NOOP");
        if (client.Exists > KeptMessages)
        {
            await client.DemandAsync($"STORE 1:{client.Exists - KeptMessages} +FLAGS.SILENT (\\Deleted)");
            await client.DemandAsync("EXPUNGE");
        }

        for (var i = client.Exists; i < KeptMessages; i++)
        {
            await client.DemandAppendAsync(_letters[i % _letters.Length]);
        }
    }

    private async Task WorkAsync(ImapClient client, Random random, Spread times)
    {
        while (Stopwatch.GetTimestamp() < _deadline)
        {
            var any = random.Next(1, Math.Max(2, client.Exists + 1));
            switch (random.Next(100))
            {
                case < 22:
                    await DoAsync(client, $"FETCH {any} (UID FLAGS BODY.PEEK[])", times);
                    break;
                case < 38:
                    await DoAsync(client, $"FETCH {Math.Max(1, any - 19)}:{any} (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)", times);
                    break;
                case < 64:
                    await DoAsync(client, $"STORE {any} {(random.Next(2) == 0 ? '+' : '-')}FLAGS ({Flag(random.Next(3))})", times);
                    break;
                case < 76:
                    await DoAsync(client, ImapCommands.Append(_letters[random.Next(_letters.Length)]), times);
                    break;
                case < 88:
                    await DoAsync(client, Search(random), times);
                    break;
                case var _ when client.Exists > KeptMessages / 2:
                    await DoAsync(client, $"STORE {any} +FLAGS (\\Deleted)", times);
                    await DoAsync(client, "EXPUNGE", times);
                    break;
            }
        }
    }

    private static string Flag(int number) => number switch { 0 => "\\Seen", 1 => "\\Flagged", _ => "\\Answered" };

    private static string Search(Random random) => random.Next(3) switch
    {
        0 => "SEARCH UNSEEN",
        1 => $"SEARCH SUBJECT {MailTexts.Word(random.Next(2000))}",
        _ => "SEARCH OR FLAGGED ANSWERED SINCE 1-Jan-2026",
    };

    private Task DoAsync(ImapClient client, string command, Spread times) => DoAsync(client, Encoding.ASCII.GetBytes(command + "\r\n"), times);

    private async Task DoAsync(ImapClient client, ReadOnlyMemory<byte> command, Spread times)
    {
        var begin = Stopwatch.GetTimestamp();
        var answer = await client.AskAsync(command);
        var took = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        // A message another client has just removed is refused, as it must be.
        Interlocked.Increment(ref (answer.IsOk ? ref _operations : ref _refused));
        if (answer.Text.Contains(" BAD ", StringComparison.Ordinal) && !answer.Text.Contains("equence", StringComparison.Ordinal) && !answer.Text.Contains("essageset", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(command.Span[..Math.Min(80, command.Length)]) + ": " + answer.Text);
        }

        lock (times)
        {
            times.Add(took);
        }
    }
}
