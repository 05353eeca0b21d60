namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>What one write operation works with, inside the transaction it shares with others.</summary>
internal sealed class WriteScope(SqlSession sql, DateTimeOffset now)
{
    /// <summary>The writer's connection.</summary>
    public SqlSession Sql { get; } = sql;

    /// <summary>Time of the transaction.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>Changes to publish once the transaction is committed.</summary>
    public List<MailboxChange> Changes { get; } = [];

    /// <summary>Blobs that no row names any more once the transaction is committed.</summary>
    public List<string> ReleasedBlobs { get; } = [];
}
