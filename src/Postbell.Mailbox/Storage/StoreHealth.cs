using Microsoft.Extensions.Logging;

namespace Postbell.Mailbox.Storage;

/// <summary>Whether the store may still write. The first failure stays: only opening the store anew, which reads back what is really there, ends it.</summary>
internal sealed partial class StoreHealth(ILogger log)
{
    private string? _fault;

    public string? Fault => Volatile.Read(ref _fault);

    public void Fail(string why, Exception cause)
    {
        if (Interlocked.CompareExchange(ref _fault, why, null) is null)
        {
            LogFailed(log, why, cause);
        }
    }

    public void ThrowIfFailed()
    {
        if (Fault is { } fault)
        {
            throw new MailboxException(MailboxFailure.StorageFailed, "The store takes no writes: " + fault);
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "The store takes no more writes until it is opened again: {Why}")]
    private static partial void LogFailed(ILogger log, string why, Exception cause);
}
