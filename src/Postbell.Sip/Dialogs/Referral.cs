using Postbell.Core;

namespace Postbell.Sip.Dialogs;

/// <summary>A transfer that we asked for and whose outcome is awaited. On the dialog's executor.</summary>
internal sealed class Referral(Transfer transfer)
{
    private readonly TaskCompletionSource<TransferOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _status;

    public Transfer Transfer { get; } = transfer;

    public Task<TransferOutcome> Outcome => _outcome.Task;

    public WheelTimer? Limit { get; set; }

    public bool WasAccepted { get; set; }

    /// <summary>The peer told how far its call has come.</summary>
    public void Report(int status)
    {
        _status = status;
        Transfer.OnProgress?.Invoke(status);
    }

    public void Finish(TransferEnd end, int? status = null)
    {
        Limit?.Cancel();
        _outcome.TrySetResult(new TransferOutcome(end, status ?? _status, WasAccepted));
    }
}
