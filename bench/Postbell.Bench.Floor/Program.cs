using Postbell.Bench.Floor;

// floor [--sockets N] [--seconds S] [--receive] [--send] [--engine]
// floor --alone [--sockets N] [--seconds S] [--receive] [--send --peer PORT]
// The floor in a process of its own, for the load generator of Postbell.Bench: prints its ports, then only does its work.
// Prints the CPU time per packet of one thread that receives and/or sends RTP on N sockets; --engine does the same with the product's media engine.
var sockets = Number("--sockets", 1000);
var seconds = Number("--seconds", 10);
var send = args.Contains("--send");
var receive = args.Contains("--receive") || !send;
var engine = args.Contains("--engine");

if (args.Contains("--alone"))
{
    var alone = new FloorLoop(sockets, receive);
    Console.WriteLine(string.Join(' ', alone.Ports.Select(p => p.ToString()).Prepend("ready")));
    alone.Start(send ? [.. Enumerable.Repeat((ushort)Number("--peer", 0), sockets)] : null);
    Native.SleepUntil(Native.Now() + (seconds * 1_000_000_000L));
    alone.Stop();
}
else if (engine)
{
    var run = new EngineRun(sockets);
    var generator = new Generator(run.Ports, receive);
    generator.Open();
    generator.Start();
    run.Start(generator.Ports, record: receive, play: send);
    Measure("media 0", () => run.Statistics.PacketsIn, () => run.Statistics.PacketsOut, () => generator.Sent);
    var statistics = run.Statistics;
    Console.WriteLine($"late p99 {statistics.LatenessP99.TotalMilliseconds:0.00} ms, max {statistics.LatenessMax.TotalMilliseconds:0.00} ms, skipped {statistics.SkippedTicks}, foreign {statistics.ForeignPackets}");
    generator.Stop();
    run.Stop();
}
else
{
    var floor = new FloorLoop(sockets, receive);
    var generator = new Generator(floor.Ports, receive);
    generator.Open();
    generator.Start();
    floor.Start(send ? generator.Ports : null);
    Measure("floor", () => floor.Received, () => floor.Sent, () => generator.Sent);
    generator.Stop();
    floor.Stop();
}

int Number(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1]) : otherwise;
}

void Measure(string thread, Func<long> packetsIn, Func<long> packetsOut, Func<long> offered)
{
    // The first seconds are the compiler's.
    Native.SleepUntil(Native.Now() + 3_000_000_000);
    var (cpu, arrived, left, sent, began) = (Native.ThreadCpu(thread), packetsIn(), packetsOut(), offered(), Native.Now());
    Native.SleepUntil(began + (seconds * 1_000_000_000L));
    cpu = Native.ThreadCpu(thread) - cpu;
    arrived = packetsIn() - arrived;
    left = packetsOut() - left;
    sent = offered() - sent;
    var elapsed = (Native.Now() - began) / 1e9;
    var packets = Math.Max(arrived + left, 1);
    Console.WriteLine(
        $"{(engine ? "engine" : "floor")}: {sockets} sockets, {elapsed:0.0} s, offered {sent}, in {arrived}, out {left}, cpu {cpu / 1e9:0.000} s = "
        + $"{cpu / 1000.0 / packets:0.000} us per packet, {cpu / 1e6 / (sockets * elapsed):0.0000} ms per call-second");
}
