using Postbell.Core;
using Postbell.Server.Configuration;
using Postbell.Server.Hosting;
using Postbell.Sip.Tracing;

namespace Postbell.Server.Tracing;

/// <summary>The traces of calls: those in memory, those of failed calls in the data folder, those that a collector gets.</summary>
internal sealed class SignallingTraces : IAsyncDisposable
{
    private const int ShortestPrefix = 6;

    /// <summary>Puts together what the configuration asks for.</summary>
    public SignallingTraces(SipTracing configuration, DataLayout layout, TimerWheel wheel, ILoggerFactory log)
    {
        if (configuration.MemoryMegabytes == 0)
        {
            return;
        }

        Files = configuration.FailedCalls == 0 ? null : new FailedCallFiles(layout.Traces, configuration.FailedCalls, wheel.Time, log.CreateLogger<FailedCallFiles>());
        Homer = configuration.Homer is null ? null : new HepExport(configuration.Homer, wheel.Time);
        var options = new CallTraceOptions { MaxBytes = configuration.MemoryMegabytes << 20, KeepFor = configuration.KeepFor };
        Calls = new CallTraces(options, wheel, Files is null ? null : Files.Post, Homer);
    }

    /// <summary>Running and recent calls; null when nothing is remembered.</summary>
    public CallTraces? Calls { get; }

    /// <summary>Files of failed calls; null when none are written.</summary>
    public FailedCallFiles? Files { get; }

    /// <summary>The way to the collector; null without one.</summary>
    public HepExport? Homer { get; }

    /// <summary>
    /// The newest call that <paramref name="name"/> names: <c>last</c>, <c>failed</c>, an id or a SIP Call-ID, the two also by six or more of their first
    /// characters. Null when there is none.
    /// </summary>
    public CallTraceSnapshot? Find(string name) => name switch
    {
        "last" => Calls?.Find(static _ => true),
        "failed" => Calls?.Find(static call => call.Failure is not null),
        _ => Calls?.Find(call => IsNamed(call.CallId, name) || IsNamed(call.Id.ToString(), name)),
    };

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Homer?.Dispose();
        if (Files is not null)
        {
            await Files.DisposeAsync();
        }
    }

    private static bool IsNamed(string id, string name) =>
        id == name || (name.Length >= ShortestPrefix && id.StartsWith(name, StringComparison.Ordinal));
}
