using Postbell.Sip.Messages;

namespace Postbell.Sip.Transactions;

/// <summary>Turns the responses of a transaction into a task that ends with the final one.</summary>
internal sealed class PendingResponse(Action<SipResponse>? observer = null) : IClientTransactionUser
{
    private readonly TaskCompletionSource<SipResponse> _final = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<SipResponse> Response => _final.Task;

    public void OnResponse(SipResponse response)
    {
        observer?.Invoke(response);
        if (!response.IsProvisional)
        {
            _final.TrySetResult(response);
        }
    }
}
