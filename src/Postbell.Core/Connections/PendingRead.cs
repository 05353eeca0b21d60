using System.IO.Pipelines;

namespace Postbell.Core.Connections;

/// <summary>A read that nobody waits for any more: layers such as TLS are closed only when it is over, since they take one call at a time.</summary>
public static class PendingRead
{
    /// <summary>Ends it. The connection cannot be read afterwards.</summary>
    /// <param name="pending">The read of the uppermost layer; null for none.</param>
    /// <param name="transport">What lies below all layers.</param>
    public static async ValueTask EndAsync(Task<ReadResult>? pending, PipeReader transport)
    {
        if (pending is null)
        {
            return;
        }

        if (!pending.IsCompleted)
        {
            transport.CancelPendingRead();
        }

        try
        {
            await pending.ConfigureAwait(false);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or InvalidOperationException or InvalidDataException)
        {
            // What it would have brought is of no interest any more.
        }
    }
}
