namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>One write that waits for the writer.</summary>
internal abstract class WriteOperation
{
    /// <summary>Runs inside the shared transaction. What it throws undoes this operation only.</summary>
    public abstract void Run(WriteScope scope);

    /// <summary>True when nobody waits for the operation any more and it has not begun.</summary>
    public abstract bool IsCancelled { get; }

    /// <summary>True for work that cannot run inside a transaction.</summary>
    public virtual bool IsAlone => false;

    /// <summary>True when its caller has an answer already.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>The transaction is durable.</summary>
    public abstract void Succeed();

    /// <summary>Nothing of the operation took effect, or (after a storage failure) it must not be relied on.</summary>
    public abstract void Fail(Exception reason);

    public abstract void Cancel();
}

/// <inheritdoc />
internal sealed class WriteOperation<T>(Func<WriteScope, T> work, bool alone, CancellationToken ct) : WriteOperation
{
    public override bool IsAlone => alone;

    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _done.Task;

    public override bool IsCancelled => ct.IsCancellationRequested;

    public override bool IsAnswered => _done.Task.IsCompleted;

    public override void Run(WriteScope scope) => _result = work(scope);

    public override void Succeed() => _done.TrySetResult(_result!);

    public override void Fail(Exception reason) => _done.TrySetException(reason);

    public override void Cancel() => _done.TrySetCanceled(ct);
}
