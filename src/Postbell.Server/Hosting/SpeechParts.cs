using Postbell.Directory;
using Postbell.Speech;

namespace Postbell.Server.Hosting;

/// <summary>The voice of the server: a worker process that speaks, and the prompts it has spoken. Without an engine calls hear tones.</summary>
internal sealed class SpeechParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly SpeechWorkerProcess _worker;
    private readonly ILogger _log;
    private Task _warmUp = Task.CompletedTask;

    /// <summary>Prepares; the worker is started with the first prompt.</summary>
    public SpeechParts(DataLayout layout, TimeProvider time, ILoggerFactory log)
    {
        _log = log.CreateLogger<SpeechParts>();
        _worker = new SpeechWorkerProcess(WorkerProgram(), time, log.CreateLogger<SpeechWorkerProcess>());
        Prompts = new PromptStore(PromptCatalogue.LoadEmbedded(), _worker, new PromptStoreOptions { Directory = layout.Prompts }, time, log.CreateLogger<PromptStore>());
    }

    /// <summary>What calls play.</summary>
    public PromptStore Prompts { get; }

    /// <summary>What the worker did.</summary>
    public SpeechStatistics Statistics => _worker.Statistics;

    /// <summary>Renders the prompts that are always the same, in the background: calls are taken meanwhile.</summary>
    public void WarmUp(Organization organization) => _warmUp = WarmUpAsync(organization);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _warmUp;
        await Prompts.DisposeAsync();
        await _worker.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task WarmUpAsync(Organization organization)
    {
        try
        {
            var report = await Prompts.WarmUpAsync(organization.DialPlans.Select(plan => plan.DefaultLanguage), _stopping.Token);
            if (report.Failed > 0)
            {
                _log.LogWarning(
                    "No speech: {Failed} of {All} prompts cannot be spoken ({Why}), callers hear tones; postbell doctor tells what is missing",
                    report.Failed, report.Failed + report.Ready, report.FirstFailure?.Message);
            }
            else
            {
                _log.LogInformation("{Ready} prompts are ready", report.Ready);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private static SpeechWorkerOptions WorkerProgram()
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new SpeechWorkerOptions { FileName = program, Arguments = [typeof(SpeechParts).Assembly.Location, "speech-worker"] }
            : new SpeechWorkerOptions { FileName = program, Arguments = ["speech-worker"] };
    }
}
