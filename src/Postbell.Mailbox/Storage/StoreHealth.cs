using Microsoft.Extensions.Logging;

namespace Postbell.Mailbox.Storage;

/// <summary>Whether the store may still write. The first failure stays: only opening the store anew, which reads back what is really there, ends it.</summary>
internal sealed partial class StoreHealth(ILogger log)
{
    private string? _fault;
    private string? _damage;

    public string? Fault => Volatile.Read(ref _fault);

    public void Fail(string why, Exception cause)
    {
        if (Interlocked.CompareExchange(ref _fault, why, null) is null)
        {
            LogFailed(log, why, cause);
        }
    }

    /// <summary>What was last found damaged in the database while working with it, or null. Writing goes on: other pages, other mailboxes are sound.</summary>
    public string? DatabaseDamage => Volatile.Read(ref _damage);

    /// <summary>Notes that a page of the database cannot be used.</summary>
    public MailboxException Damaged(Exception cause)
    {
        if (Interlocked.Exchange(ref _damage, cause.Message) is null)
        {
            LogDamaged(log, cause);
        }

        return new MailboxException(MailboxFailure.DatabaseDamaged, "A part of the database is damaged: " + cause.Message, cause);
    }

    public void ThrowIfFailed()
    {
        if (Fault is { } fault)
        {
            throw new MailboxException(MailboxFailure.StorageFailed, "The store takes no writes: " + fault);
        }
    }

    [LoggerMessage(2, LogLevel.Critical, "A part of the database is damaged: some mailboxes cannot be read or changed; postbell mailbox verify says whose, a backup brings them back")]
    private static partial void LogDamaged(ILogger log, Exception cause);

    [LoggerMessage(1, LogLevel.Critical, "The store takes no more writes until it is opened again: {Why}")]
    private static partial void LogFailed(ILogger log, string why, Exception cause);
}
