using System.Threading.Channels;
using Postbell.Directory;
using Postbell.Speech;

namespace Postbell.Server.Hosting;

/// <summary>The voice of the server: a worker process that speaks, and the prompts it has spoken. Without an engine calls hear tones.</summary>
internal sealed class SpeechParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly SpeechWorkerProcess _worker;
    private readonly ILogger _log;
    private readonly Channel<(string Name, string Language)> _names = Channel.CreateUnbounded<(string, string)>(new UnboundedChannelOptions { SingleReader = true });
    private Task _rendering = Task.CompletedTask;

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

    /// <summary>Begins to render in the background what calls will want: what is always the same, then people's names. Calls are taken meanwhile.</summary>
    public void BeginRendering(DirectorySnapshot directory)
    {
        foreach (var person in directory.People)
        {
            PrepareGreeting(person.DisplayName, directory.Organization.FindDialPlan(person.DialPlan)?.DefaultLanguage ?? PromptCatalogue.DefaultLanguage);
        }

        _rendering = RenderAsync(directory.Organization);
    }

    /// <summary>Has the generated greeting of a person rendered soon, so that the first caller need not wait for it.</summary>
    public void PrepareGreeting(string name, string language) => _names.Writer.TryWrite((name, language));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _rendering;
        await Prompts.DisposeAsync();
        await _worker.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RenderAsync(Organization organization)
    {
        try
        {
            await WarmUpAsync(organization);
            await foreach (var (name, language) in _names.Reader.ReadAllAsync(_stopping.Token))
            {
                await RenderGreetingAsync(name, language);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task WarmUpAsync(Organization organization)
    {
        var report = await Prompts.WarmUpAsync(organization.DialPlans.Select(plan => plan.DefaultLanguage), _stopping.Token);
        if (report.Failed > 0)
        {
            _log.LogWarning(
                "No speech: {Failed} of {All} prompts cannot be spoken ({Why}), callers hear tones; postbell doctor tells what is missing",
                report.Failed, report.Failed + report.Ready, report.FirstFailure?.Message);
        }
    }

    private async Task RenderGreetingAsync(string name, string language)
    {
        try
        {
            await Prompts.PrepareAsync(PromptId.GreetingWithName, new PromptArguments(Name: name), language, _stopping.Token);
        }
        catch (SpeechException fault)
        {
            // The call will say so again, and why.
            _log.LogDebug("The greeting of {Name} is not rendered: {Failure}", name, fault.Failure);
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
