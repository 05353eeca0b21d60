namespace Postbell.Media.Engine;

/// <summary>Something a caller waits for while the engine does it. Ends once; who awaits it goes on elsewhere than on the engine thread.</summary>
internal abstract class EngineOperation<TResult>
{
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;

    public Task<TResult> Task => _done.Task;

    /// <summary>Lets a token post its cancellation to the loop. Call after the operation itself was posted.</summary>
    public void CancelWith(EngineLoop loop, CancellationToken ct)
    {
        if (ct.CanBeCanceled)
        {
            _registration = ct.UnsafeRegister(_ => loop.Post(() => OnCancelled(ct)), null);
        }
    }

    public bool Fail(Exception exception) => End(_done.TrySetException(exception));

    protected bool Complete(TResult result) => End(_done.TrySetResult(result));

    protected bool Cancel(CancellationToken ct) => End(_done.TrySetCanceled(ct));

    protected abstract void OnCancelled(CancellationToken ct);

    private bool End(bool first)
    {
        // Not Dispose: it would wait for a callback that runs on another thread.
        _registration.Unregister();
        return first;
    }
}
