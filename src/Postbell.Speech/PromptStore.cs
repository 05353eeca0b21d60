using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Speech.Cache;

namespace Postbell.Speech;

/// <summary>
/// Prompts as audio: from memory, else from the folder, else rendered once, however many calls ask at the same time. Safe from any thread.
/// </summary>
public sealed partial class PromptStore : IAsyncDisposable
{
    // Part of every key: raise it when the same text would sound different (level, filter).
    private const int RenderingVersion = 1;

    private readonly ISpeechSynthesizer _synthesizer;
    private readonly PromptStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly AudioMemory _memory;
    private readonly AudioFolder _folder;
    private readonly ConcurrentDictionary<string, Lazy<Task<PcmAudio>>> _rendering = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Creates the store over an engine.</summary>
    public PromptStore(PromptCatalogue catalogue, ISpeechSynthesizer synthesizer, PromptStoreOptions options, TimeProvider time, ILogger<PromptStore> log)
    {
        (Catalogue, _synthesizer, _options, _time, _log) = (catalogue, synthesizer, options, time, log);
        _memory = new AudioMemory(options.MemoryBytes);
        _folder = new AudioFolder(options.Directory);
    }

    /// <summary>The texts.</summary>
    public PromptCatalogue Catalogue { get; }

    /// <summary>What happened so far.</summary>
    public PromptStoreStatistics Statistics { get; } = new();

    /// <summary>
    /// The audio of a prompt for a call. It waits no longer than <see cref="PromptStoreOptions.Deadline"/>; a failure is logged, counted and
    /// returned by name, never thrown, so that the call can play a tone instead.
    /// </summary>
    /// <exception cref="OperationCanceledException">The call ended first.</exception>
    public async ValueTask<PromptResult> GetAsync(PromptId id, PromptArguments arguments, string language, CancellationToken cancellation)
    {
        try
        {
            return new PromptResult(await FindAsync(Catalogue.Compose(id, arguments, language)).AsTask().WaitAsync(_options.Deadline, _time, cancellation), SpeechFailure.None);
        }
        catch (TimeoutException)
        {
            return Failed(id, SpeechFailure.Late, "");
        }
        catch (SpeechException e)
        {
            return Failed(id, e.Failure, e.Detail);
        }
    }

    /// <summary>Renders a prompt in advance, for instance the greeting of a new person; waits as long as it takes.</summary>
    /// <exception cref="SpeechException">It could not be rendered.</exception>
    public async Task PrepareAsync(PromptId id, PromptArguments arguments, string language, CancellationToken cancellation) =>
        await FindAsync(Catalogue.Compose(id, arguments, language)).AsTask().WaitAsync(cancellation);

    /// <summary>
    /// Tidies the folder, then renders every prompt without slots in advance, one after the other so that calls need not wait behind it. Meant to run in the
    /// background at start; what is wrong is logged once and reported.
    /// </summary>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    public async Task<WarmUpReport> WarmUpAsync(IEnumerable<string> languages, CancellationToken cancellation)
    {
        Tidy();
        var (ready, failed, first) = (0, 0, (SpeechException?)null);
        foreach (var language in languages.Select(Catalogue.LanguageFor).Distinct(StringComparer.Ordinal))
        {
            foreach (var id in PromptCatalogue.Fixed)
            {
                try
                {
                    await PrepareAsync(id, PromptArguments.None, language, cancellation);
                    ready++;
                }
                catch (SpeechException e)
                {
                    failed++;
                    first ??= e;
                }
            }
        }

        if (first is null)
        {
            LogReady(ready);
        }
        else
        {
            LogNotReady(failed, first.Message);
        }

        return new WarmUpReport(ready, failed, first);
    }

    /// <summary>Ends what is being rendered. The engine is not disposed with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await Task.WhenAll(_rendering.Values.Select(r => r.Value));
        }
        catch (SpeechException)
        {
            // Who asked was told.
        }
    }

    private ValueTask<PcmAudio> FindAsync(PromptSpeech speech)
    {
        var key = KeyOf(speech);
        if (_memory.Find(key) is { } known)
        {
            Statistics.CountMemoryHit();
            return new ValueTask<PcmAudio>(known);
        }

        return new ValueTask<PcmAudio>(_rendering.GetOrAdd(key, static (k, a) => new Lazy<Task<PcmAudio>>(() => Task.Run(() => a.Store.ReadOrRenderAsync(k, a.Speech))), (Store: this, Speech: speech)).Value);
    }

    private async Task<PcmAudio> ReadOrRenderAsync(string key, PromptSpeech speech)
    {
        try
        {
            // Another call may have brought it in between.
            var audio = _memory.Find(key) ?? ReadFromFolder(key) ?? await RenderAsync(key, speech);
            _memory.Keep(key, audio);
            return audio;
        }
        finally
        {
            _rendering.TryRemove(key, out _);
        }
    }

    private PcmAudio? ReadFromFolder(string key)
    {
        try
        {
            var audio = _folder.Read(key, out var damaged);
            if (damaged)
            {
                Statistics.CountDamaged();
                LogDamaged(key);
            }
            else if (audio is not null)
            {
                Statistics.CountDiskHit();
            }

            return audio;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Statistics.CountDiskFailure();
            LogDiskFailure(e);
            return null;
        }
    }

    private async Task<PcmAudio> RenderAsync(string key, PromptSpeech speech)
    {
        PcmAudio audio;
        try
        {
            audio = await _synthesizer.SynthesizeAsync(speech.Voice, speech.Text, _stopping.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new SpeechException(SpeechFailure.Stopped, "", e);
        }

        Statistics.CountRendered();
        try
        {
            _folder.Write(key, audio);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not silence the telephone.
            Statistics.CountDiskFailure();
            LogDiskFailure(e);
        }

        return audio;
    }

    private void Tidy()
    {
        try
        {
            _folder.Tidy(_options.DiskBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Statistics.CountDiskFailure();
            LogDiskFailure(e);
        }
    }

    private PromptResult Failed(PromptId id, SpeechFailure failure, string detail)
    {
        Statistics.CountFailure(failure);
        LogMissing(id, failure, detail);
        return new PromptResult(null, failure);
    }

    private string KeyOf(PromptSpeech speech) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{RenderingVersion}\n{_synthesizer.Engine}\n{speech.Voice}\n{speech.Text}")));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} prompts are ready")]
    private partial void LogReady(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} prompts could not be rendered; calls play a tone instead: {Reason}")]
    private partial void LogNotReady(int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No audio for prompt {Prompt}: {Failure} {Detail}")]
    private partial void LogMissing(PromptId prompt, SpeechFailure failure, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rendered prompt {Key} is damaged and is rendered again")]
    private partial void LogDamaged(string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder of rendered prompts cannot be used")]
    private partial void LogDiskFailure(Exception exception);
}
