using System.Diagnostics;
using System.Globalization;
using Postbell.Bench.Measuring;

namespace Postbell.Bench.MailLoad;

/// <summary>Deliveries by LMTP over some connections at once, each with one message under way.</summary>
internal sealed class DeliveryLoad(MailTarget target, Arguments arguments)
{
    private readonly int _connections = (int)arguments.Number("connections", 10);
    private readonly int _messages = (int)arguments.Number("messages", 4000);
    private readonly int _bytes = (int)arguments.Number("bytes", 60_000);
    private readonly string _run = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
    private readonly Spread _times = new();
    private int _next;

    public async Task<MailFigures> RunAsync()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, _connections).Select(_ => LmtpClient.OpenAsync(target.Lmtp)));
        // Made before, so that the making takes no time from the server: the identities in them differ, the rest is one of a few.
        var texts = new MailTexts(1);
        var bodies = Enumerable.Range(0, 16).Select(i => texts.Voice($"{i:00000000}-0000000000000000", _bytes)).ToArray();
        await Task.WhenAll(clients.Select(c => DeliverAsync(c, bodies, 200, null)));
        _next = 0;
        var meter = ServerMeter.Start(target.Root);
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(clients.Select(c => DeliverAsync(c, bodies, _messages, _times)));
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var use = await meter.StopAsync();
        var before = ServerMeter.CpuSeconds(target.Root);
        await ServerMeter.WaitUntilQuietAsync(target.Root);
        var behind = ServerMeter.CpuSeconds(target.Root) - before;
        Array.ForEach(clients, c => c.Dispose());
        return new MailFigures("deliver", target.Name, new Dictionary<string, double>
        {
            ["deliveries a second"] = _messages / seconds,
            ["ms p50"] = _times.At(0.5) ?? 0,
            ["ms p99"] = _times.At(0.99) ?? 0,
            ["CPU ms each"] = use.CpuSeconds * 1000 / _messages,
            ["CPU ms each afterwards (index)"] = behind * 1000 / _messages,
            ["M instructions each"] = (use.Instructions ?? 0) / 1e6 / _messages,
        });
    }

    private async Task DeliverAsync(LmtpClient client, byte[][] bodies, int until, Spread? times)
    {
        var copies = Array.ConvertAll(bodies, b => (byte[])b.Clone());
        while (Interlocked.Increment(ref _next) is var number && number <= until)
        {
            var message = copies[number % copies.Length];
            var at = message.AsSpan().IndexOf("Message-ID: <"u8) + "Message-ID: <".Length;
            System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number:00000000}-{_run,16}").Replace(' ', times is null ? 'w' : '0'), message.AsSpan(at));
            var begin = Stopwatch.GetTimestamp();
            await client.DeliverAsync(target.Address(number), message);
            if (times is not null)
            {
                lock (times)
                {
                    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }
        }
    }
}
