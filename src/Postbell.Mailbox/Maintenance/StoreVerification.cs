namespace Postbell.Mailbox;

/// <summary>A message or recording whose bytes are not what they should be.</summary>
/// <param name="What">For instance <c>INBOX, UID 7</c> or <c>greeting standard</c>.</param>
/// <param name="Blob">Name of the file within <c>blobs/</c>.</param>
/// <param name="IsMissing">True when there is no file; false when its bytes are wrong.</param>
public sealed record DamagedItem(string What, string Blob, bool IsMissing);

/// <summary>What verifying one mailbox found.</summary>
/// <param name="UserName">Whose.</param>
/// <param name="Checked">Messages and recordings whose bytes were read.</param>
/// <param name="Octets">Their octets.</param>
/// <param name="Damaged">Those with wrong or missing bytes.</param>
/// <param name="WrongCounters">True when the counters of what the mailbox holds were wrong.</param>
public sealed record MailboxVerification(string UserName, int Checked, long Octets, IReadOnlyList<DamagedItem> Damaged, bool WrongCounters);

/// <summary>What verifying the store found.</summary>
/// <param name="Mailboxes">Each mailbox.</param>
/// <param name="Orphans">Files under <c>blobs/</c> that nothing names, when all mailboxes were verified.</param>
/// <param name="Database">What SQLite says of the database: <c>ok</c>, or what is wrong.</param>
/// <param name="Repaired">True when counters were set right and orphans removed.</param>
public sealed record StoreVerification(IReadOnlyList<MailboxVerification> Mailboxes, IReadOnlyList<string> Orphans, string Database, bool Repaired)
{
    /// <summary>True when nothing at all was found.</summary>
    public bool IsSound => Database == "ok" && Orphans.Count == 0 && Mailboxes.All(static m => m.Damaged.Count == 0 && !m.WrongCounters);

    /// <summary>True when bytes are lost or the database is damaged: what repairing cannot mend.</summary>
    public bool HasLoss => Database != "ok" || Mailboxes.Any(static m => m.Damaged.Count > 0);
}
