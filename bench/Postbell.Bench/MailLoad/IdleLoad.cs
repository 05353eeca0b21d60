using System.Diagnostics;
using System.Net;
using Postbell.Bench.Measuring;

namespace Postbell.Bench.MailLoad;

/// <summary>Connections that wait in IDLE: what they cost, and how fast those of one mailbox hear of a message.</summary>
internal sealed class IdleLoad(MailTarget target, Arguments arguments)
{
    // A server allows one address so many connections only; each of the loopback network's is another.
    private const int PerAddress = 150;

    private readonly int _connections = (int)arguments.Number("connections", 10_000);
    private readonly int _watching = (int)arguments.Number("watching", 1000);

    public async Task<MailFigures> RunAsync()
    {
        for (var i = 0; i < target.People; i++)
        {
            using var first = await target.LoginAsync(i);
            await first.DemandAsync("SELECT INBOX");
        }

        await ServerMeter.WaitUntilQuietAsync(target.Root);
        var before = ServerMeter.Megabytes(target.Root);
        var clients = new List<ImapClient>(_connections);
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < _connections; i++)
        {
            clients.Add(await OpenAsync(i));
        }

        var opened = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        await ServerMeter.WaitUntilQuietAsync(target.Root);
        await Task.Delay(TimeSpan.FromSeconds(5));
        var after = ServerMeter.Megabytes(target.Root);
        var cpu = ServerMeter.CpuSeconds(target.Root);
        await Task.Delay(TimeSpan.FromSeconds(20));
        cpu = ServerMeter.CpuSeconds(target.Root) - cpu;
        var (all, spread) = await NotifyAsync(clients.GetRange(0, _watching));
        clients.ForEach(c => c.Dispose());
        await ServerMeter.WaitUntilQuietAsync(target.Root);
        return new MailFigures("idle", target.Name, new Dictionary<string, double>
        {
            ["connections"] = _connections,
            ["kB each (resident)"] = (after.Resident - before.Resident) * 1024 / _connections,
            ["kB each (proportional)"] = (after.Proportional - before.Proportional) * 1024 / _connections,
            ["server MB before"] = before.Proportional,
            ["server MB with them"] = after.Proportional,
            ["% of a core while idle"] = cpu / 20 * 100,
            ["opened a second"] = _connections / opened,
            ["told of a message"] = _watching,
            ["ms until half of them know"] = spread,
            ["ms until all of them know"] = all,
        });
    }

    // The first ones all watch the same mailbox.
    private async Task<ImapClient> OpenAsync(int number)
    {
        var from = new IPAddress([127, 9, (byte)(number / PerAddress / 250), (byte)((number / PerAddress % 250) + 1)]);
        var client = await target.LoginAsync(number < _watching ? 0 : number, 1024, from);
        await client.DemandAsync("SELECT INBOX");
        await client.IdleAsync();
        return client;
    }

    private async Task<(double All, double Half)> NotifyAsync(List<ImapClient> watching)
    {
        using var lmtp = await LmtpClient.OpenAsync(target.Lmtp);
        var message = new MailTexts(3).Voice($"notify{Stopwatch.GetTimestamp()}", 60_000);
        var spread = new Spread();
        var begin = Stopwatch.GetTimestamp();
        var told = watching.Select(async c =>
        {
            await c.WaitForExistsAsync();
            lock (spread)
            {
                spread.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }).ToArray();
        await lmtp.DeliverAsync(target.Address(0), message);
        await Task.WhenAll(told).WaitAsync(TimeSpan.FromSeconds(60));
        return (spread.At(1) ?? 0, spread.At(0.5) ?? 0);
    }
}
