using System.Diagnostics;
using System.Globalization;

namespace Postbell.Bench.MailLoad;

/// <summary>One person's large folders: opening one of 100,000 messages, reading all flags, and looking for text among 20,000.</summary>
internal sealed class FolderLoad(MailTarget target, Arguments arguments)
{
    private const int FirstMessages = 1000;

    private readonly int _large = (int)arguments.Number("large", 100_000);
    private readonly int _texts = (int)arguments.Number("texts", 20_000);
    private readonly int _times = (int)arguments.Number("times", 5);

    /// <summary>Makes the folders; not measured.</summary>
    public async Task FillAsync()
    {
        using var client = await target.LoginAsync(0);
        await client.AskAsync("CREATE Large");
        await client.AskAsync("CREATE Text");
        await FillTextAsync(client);
        await client.DemandAsync("SELECT Large");
        for (var first = client.Exists; first < FirstMessages; first += 100)
        {
            var texts = new MailTexts(first);
            await DemandAsync(client, ImapCommands.AppendTo("Large", [.. Enumerable.Range(first, 100).Select(i => texts.Letter($"large{i}", 20))]));
        }

        // The rest are copies, which both servers make without writing the bytes again.
        await client.DemandAsync("NOOP");
        while (client.Exists < _large)
        {
            await client.DemandAsync($"COPY 1:{Math.Min(client.Exists, Math.Min(10_000, _large - client.Exists))} Large");
            await client.DemandAsync("NOOP");
        }

        await client.DemandAsync("STORE 1:* +FLAGS.SILENT (\\Seen)");
        await ServerMeter.WaitUntilQuietAsync(target.Root);
    }

    public async Task<MailFigures> RunAsync()
    {
        using var client = await target.LoginAsync(0, 1 << 20);
        var values = new Dictionary<string, double>();
        await MeasureAsync(values, "SELECT of 100,000", client, "SELECT Large", "SELECT INBOX", _ => client.Exists == _large);
        await client.DemandAsync("SELECT Large");
        await MeasureAsync(values, "FETCH 1:* (UID FLAGS)", client, "FETCH 1:* (UID FLAGS)", null, a => a.Lines == _large);
        await MeasureAsync(values, "UID SEARCH UNSEEN in it", client, "UID SEARCH UNSEEN", null, _ => client.Found == 0);
        await client.DemandAsync("SELECT Text");
        await MeasureAsync(values, "SEARCH BODY word, 20,000 messages", client, $"SEARCH BODY {MailTexts.Needle}", null, _ => client.Found == _texts / 1000);
        await MeasureAsync(values, "SEARCH BODY of two characters", client, $"SEARCH BODY \"{MailTexts.ShortNeedle}\"", null, _ => client.Found == _texts / 1000);
        await MeasureAsync(values, "SEARCH SUBJECT word", client, $"SEARCH SUBJECT {MailTexts.Word(7)}", null, _ => client.Found > 0);
        return new MailFigures("folders", target.Name, values);
    }

    private async Task FillTextAsync(ImapClient client)
    {
        await client.DemandAsync("SELECT Text");
        for (var first = client.Exists; first < _texts; first += 100)
        {
            var texts = new MailTexts(first);
            await DemandAsync(client, ImapCommands.AppendTo("Text", [.. Enumerable.Range(first, 100).Select(i => texts.Letter($"text{i}", 300, i % 1000 == 0))]));
        }
    }

    private static async Task DemandAsync(ImapClient client, ReadOnlyMemory<byte> command)
    {
        var answer = await client.AskAsync(command);
        if (!answer.IsOk)
        {
            throw new InvalidOperationException(answer.Text);
        }
    }

    /// <summary>Median of several times, after one that does not count.</summary>
    private async Task MeasureAsync(Dictionary<string, double> values, string name, ImapClient client, string command, string? between, Func<Answer, bool> isRight)
    {
        var times = new List<double>();
        for (var i = 0; i <= _times; i++)
        {
            if (between is not null)
            {
                await client.DemandAsync(between);
            }

            var begin = Stopwatch.GetTimestamp();
            var answer = await client.DemandAsync(command);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            if (!isRight(answer))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: {command} gave {answer.Lines} lines, {client.Exists} messages, {client.Found} found"));
            }
        }

        times.RemoveAt(0);
        times.Sort();
        values[name + ", ms"] = times[times.Count / 2];
    }
}
