using Postbell.Bench.Load;
using Postbell.Bench.Mail;
using Postbell.Bench.Sockets;

namespace Postbell.Bench.Measuring;

/// <summary>One run of the generator with everything that is measured beside it.</summary>
internal sealed class LoadRun(LoadOptions options, string name, int server)
{
    public Mailboxes? Mailboxes { get; init; }

    /// <summary>How many messages are compared with what was sent; 0 is none.</summary>
    public int Sample { get; init; }

    /// <summary>Empty the mailboxes at the end.</summary>
    public bool Purge { get; init; }

    /// <summary>Watch the mailboxes in IDLE while the calls run.</summary>
    public bool Watch { get; init; }

    public async Task<LoadReport> RunAsync()
    {
        using var engine = new LoadEngine(options);
        var idle = server > 0 ? Usage.Of(server).ResidentBytes : 0;
        var generatorBefore = Usage.Of(Environment.ProcessId);
        Spread? delivered = null;
        Task<(Cost? Steady, Consumption? Whole, double Seconds)> measured = null!;
        Task Both()
        {
            measured = MeasureAsync(engine);
            return measured;
        }

        if (Watch && Mailboxes is not null)
        {
            delivered = await Mailboxes.WatchAsync(engine, Both, TimeSpan.FromSeconds(5));
        }
        else
        {
            await Both();
        }

        var (steady, whole, seconds) = await measured;
        var generator = Usage.Of(Environment.ProcessId);
        var mail = Sample > 0 && Mailboxes is not null
            ? await Mailboxes.CheckAsync(engine, options.RunName, Sample, TimeSpan.FromSeconds(60))
            : null;
        if (Purge && Mailboxes is not null)
        {
            await Mailboxes.PurgeAsync();
        }

        var (setUp, first, pace) = LoadReport.TimesOf(engine.Calls);
        var done = engine.Calls.Count(c => c.State == CallState.Done);
        var callSeconds = engine.Calls.Where(c => c.AnsweredAt > 0 && c.EndedAt > 0).Sum(c => (c.EndedAt - c.AnsweredAt) / 1e9);
        return new LoadReport
        {
            Name = name,
            Kind = options.Kind.ToString(),
            Calls = options.Calls,
            Rate = options.Rate,
            LengthSeconds = options.Length.TotalSeconds,
            Succeeded = done,
            Failures = engine.Calls.Where(c => c.State == CallState.Failed).CountBy(c => c.Failure).ToDictionary(),
            Resent = engine.Resent,
            SetUpP50 = options.Direct ? null : setUp.At(0.5),
            SetUpP99 = options.Direct ? null : setUp.At(0.99),
            FirstRtpP50 = options.Direct ? null : first.At(0.5),
            FirstRtpP99 = options.Direct ? null : first.At(0.99),
            // The floor's packets are all alike: they have no numbers to tell their places by.
            PaceP50 = options.Direct ? null : pace.At(0.5),
            PaceP99 = options.Direct ? null : pace.At(0.99),
            PacketsSent = engine.Rtp.PacketsSent,
            PacketsReceived = engine.Calls.Sum(c => (long)c.PacketsReceived),
            PacketsLost = engine.Calls.Sum(c => (long)c.Lost),
            PacketsNotSent = engine.Rtp.NotSent,
            Steady = steady,
            Whole = whole is null ? null : CostOf(whole, seconds, callSeconds),
            WholeInstructionsPerCall = whole?.Instructions / Math.Max(1, done),
            ServerMegabytes = whole?.ResidentBytes / 1e6,
            IdleMegabytes = server > 0 ? idle / 1e6 : null,
            ServerThreads = whole?.Threads,
            GeneratorCpuShare = (generator.CpuSeconds - generatorBefore.CpuSeconds) / seconds,
            GeneratorWorstLateness = engine.Rtp.WorstLatenessMilliseconds,
            Mail = mail,
            DeliveredP50 = delivered?.At(0.5),
            DeliveredP99 = delivered?.At(0.99),
            DeliveredCount = delivered?.Count,
        };
    }

    private async Task<(Cost? Steady, Consumption? Whole, double Seconds)> MeasureAsync(LoadEngine engine)
    {
        var begin = Libc.Now();
        var whole = ProcessMeter.Start(server);
        var running = Task.Factory.StartNew(engine.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Cost? steady = null;
        if (options is { Kind: not CallKind.Short, Eager: false } && server > 0)
        {
            steady = await SteadyAsync(engine);
        }

        await running;
        // What the calls still cause: messages composed and committed.
        await Task.Delay(options.Kind == CallKind.Record && !options.Direct ? 3000 : 200);
        var seconds = (Libc.Now() - begin) / 1e9;
        return (steady, whole is null ? null : await whole.StopAsync(), seconds);
    }

    private async Task<Cost?> SteadyAsync(LoadEngine engine)
    {
        await engine.AllUp.Task;
        // Greetings and beeps of the last calls are over, too.
        await Task.WhenAny(engine.FirstEnd.Task, Task.Delay(options.Kind == CallKind.Record ? options.Before + TimeSpan.FromMilliseconds(500) : TimeSpan.FromMilliseconds(500)));
        if (engine.FirstEnd.Task.IsCompleted)
        {
            return null;
        }

        var begin = Libc.Now();
        var meter = ProcessMeter.Start(server)!;
        await engine.FirstEnd.Task;
        var seconds = (Libc.Now() - begin) / 1e9;
        return CostOf(await meter.StopAsync(), seconds, seconds * engine.Calls.Count(c => c.AnsweredAt > 0));
    }

    private static Cost CostOf(Consumption used, double seconds, double callSeconds) => new(
        seconds, callSeconds, used.CpuSeconds, used.CpuSeconds * 1000 / callSeconds, used.Instructions / callSeconds,
        used.UserInstructions / callSeconds, used.KernelInstructions / callSeconds);
}
