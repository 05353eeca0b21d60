using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Core.Resolution;
using Postbell.Smtp.Client;
using Postbell.Smtp.Outbound;
using Postbell.TestKit;

namespace Postbell.Smtp.Tests.Outbound;

/// <summary>A queue on a folder of its own, a sink as smart host, and a server that knows one person: me@example.org.</summary>
internal sealed class OutboundRoom : IOutboundHome, IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public OutboundRoom() => (Ways, Queue) = Open();

    public ManualTime Time { get; } = new();

    public SmtpSink Sink { get; } = new();

    public OutboundWays Ways { get; private set; }

    public OutboundQueue Queue { get; private set; }

    public TestNameServer Names { get; } = new();

    /// <summary>Which way for which domain; empty: all to the sink.</summary>
    public IReadOnlyList<OutboundRoute> Routes { get; set; } = [];

    public ConcurrentQueue<(string Id, string Stage, string Detail)> Ledger { get; } = new();

    /// <summary>Reports to the person here, by key.</summary>
    public ConcurrentDictionary<string, string> Reports { get; } = new();

    public string Folder => _folder.File("outbound");

    public int Capacity { get; init; } = 100;

    public static byte[] Message { get; } = Encoding.ASCII.GetBytes("From: me@example.org\r\nSubject: hello\r\n\r\nbody text\r\n");

    public Task<string> EnqueueAsync(params OutboundRecipient[] to) => EnqueueAsync("me@example.org", to);

    public Task<string> EnqueueAsync(string sender, params OutboundRecipient[] to) => Queue.EnqueueAsync(
        new OutboundEnvelope { Sender = sender, Recipients = to }, Message, TestContext.Current.CancellationToken);

    /// <summary>Waits until every message has had its attempt and is not being worked on.</summary>
    public Task RestAsync(int failedAttempts = 1) => UntilAsync(
        () => Queue.Snapshot().All(j => j.State == OutboundQueueState.Retrying && j.Entry.FailedAttempts >= failedAttempts));

    public Task EmptyAsync() => UntilAsync(() => Queue.Count == 0);

    public async Task RestartAsync()
    {
        await Queue.DisposeAsync();
        await Ways.DisposeAsync();
        (Ways, Queue) = Open();
    }

    public Task AppendLedgerAsync(TraceId id, string stage, string detail, CancellationToken cancellation)
    {
        Ledger.Enqueue((id.ToString(), stage, detail));
        return Task.CompletedTask;
    }

    public Task<bool> DeliverReportAsync(string address, string key, ReadOnlyMemory<byte> report, CancellationToken cancellation)
    {
        var isHere = address == "me@example.org";
        if (isHere)
        {
            Reports.TryAdd(key, Encoding.UTF8.GetString(report.Span));
        }

        return Task.FromResult(isHere);
    }

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        await Ways.DisposeAsync();
        await Sink.DisposeAsync();
        await Names.DisposeAsync();
        _folder.Dispose();
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    private (OutboundWays Ways, OutboundQueue Queue) Open()
    {
        var toSink = new OutboundRoute { Server = new SmtpRoute { Host = "127.0.0.1", Port = Sink.Port, Tls = SmtpTlsUse.None } };
        var ways = new OutboundWays(
            Routes.Count > 0 ? Routes : [toSink], new DnsResolver(new DnsOptions { Servers = [Names.Address], Rounds = 1 }, TimeProvider.System), "um.example.org", Time);
        var options = new OutboundOptions { Directory = Folder, HostName = "um.example.org", ReportAddress = "postbell@example.org", Capacity = Capacity };
        return (ways, OutboundQueue.Open(options, ways, this, Time, NullLogger<OutboundQueue>.Instance));
    }
}
