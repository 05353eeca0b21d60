using Postbell.Core;

namespace Postbell.Speech.Worker;

/// <summary>A text that waits for the worker.</summary>
internal sealed class SpeechRequest(string voice, string text)
{
    private readonly TaskCompletionSource<PcmAudio> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _abandoned;

    public string Voice => voice;

    public string Text => text;

    public Task<PcmAudio> Answer => _done.Task;

    /// <summary>True when nobody waits for the answer any more.</summary>
    public bool IsAbandoned => _abandoned;

    public void Abandon() => _abandoned = true;

    public void Complete(PcmAudio audio) => _done.TrySetResult(audio);

    public void Fail(SpeechException reason)
    {
        _done.TrySetException(reason);
        // Nobody may be there to look at it.
        _ = _done.Task.Exception;
    }
}
