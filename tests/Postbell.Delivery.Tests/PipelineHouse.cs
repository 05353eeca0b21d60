using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Media.Recording;
using Postbell.TestKit;

namespace Postbell.Delivery.Tests;

/// <summary>Spool and pipeline over one folder, which can die and start again.</summary>
internal sealed class PipelineHouse : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TimerWheel _wheel;
    private RecordingJournal? _journal;

    public PipelineHouse()
    {
        Time = new ManualTime(Sample.Received);
        _wheel = new TimerWheel(Time);
    }

    public ManualTime Time { get; }

    public FakeTarget Target { get; } = new();

    public DeliveryOptions Options { get; set; } = new();

    public Func<DeliveredMessage, CancellationToken, Task>? Notify { get; set; }

    public Spool Spool { get; private set; } = null!;

    public DeliveryPipeline Pipeline { get; private set; } = null!;

    public RecordingJournal Journal => _journal!;

    public string SpoolFolder => _directory.File("spool");

    public void OpenSpool()
    {
        _journal = RecordingJournal.Open(new RecordingJournalOptions { Directory = SpoolFolder }, Time, NullLogger.Instance);
        Spool = new Spool(_journal);
    }

    public async Task StartAsync(IDeliveryTarget? target = null)
    {
        if (_journal is null)
        {
            OpenSpool();
        }

        Pipeline = new DeliveryPipeline(Spool, target ?? Target, Options, _wheel, NullLoggerFactory.Instance, Notify);
        await Pipeline.StartAsync(default);
    }

    public async Task StopAsync()
    {
        if (Pipeline is not null)
        {
            await Pipeline.DisposeAsync();
        }

        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        _journal = null;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A caller leaves a message.</summary>
    public async Task<TraceId> LeaveMessage(Func<MessageEnvelope, MessageEnvelope>? change = null, double seconds = 2)
    {
        var envelope = Sample.Envelope(TraceId.New(Time)) with { ReceivedAt = Time.GetUtcNow() };
        envelope = change?.Invoke(envelope) ?? envelope;
        var entry = Spool.Begin(envelope);
        Sample.Speak(entry.Sink, Sample.Speech(TimeSpan.FromSeconds(seconds)));
        await entry.SubmitAsync(envelope, default);
        return envelope.Id;
    }

    /// <summary>A caller speaks when the program dies.</summary>
    public TraceId DieDuringMessage(double seconds)
    {
        var id = TraceId.New(Time);
        Sample.Speak(Spool.Begin(Sample.Envelope(id)).Sink, Sample.Speech(TimeSpan.FromSeconds(seconds)));
        return id;
    }

    public async Task EmptyQueue()
    {
        for (var i = 0; i < 1_000 && Pipeline.QueueSnapshot().Count > 0; i++)
        {
            await Task.Delay(10);
        }

        Pipeline.QueueSnapshot().Select(m => $"{m.State} after {m.Stage}: {m.LastError}").ShouldBeEmpty();
    }

    public QueuedMessage Queued(TraceId id) => Pipeline.QueueSnapshot().Single(m => m.Id == id);

    public static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 1_000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        condition().ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _wheel.Dispose();
        _directory.Dispose();
    }
}
