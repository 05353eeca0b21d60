namespace Postbell.Mailbox;

/// <summary>What the store knows of its own health.</summary>
/// <param name="Fault">Why it takes no writes; null while it does.</param>
/// <param name="DatabaseDamage">What was found damaged in the database; null when nothing was.</param>
/// <param name="Damaged">Messages and recordings whose bytes are lost or wrong.</param>
/// <param name="Scrub">How far reading through everything is.</param>
public sealed record StoreCondition(string? Fault, string? DatabaseDamage, IReadOnlyList<DamagedBytes> Damaged, ScrubProgress Scrub)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsSound => Fault is null && DatabaseDamage is null && Damaged.Count == 0;
}

/// <summary>A message or recording whose bytes were found missing or damaged.</summary>
/// <param name="UserName">Whose.</param>
/// <param name="What">Where it lies, for instance <c>INBOX, UID 7</c>.</param>
/// <param name="Blob">Name of the file within <c>blobs/</c>.</param>
/// <param name="IsMissing">True when there is no file.</param>
/// <param name="FoundAt">When it was found.</param>
public sealed record DamagedBytes(string UserName, string What, string Blob, bool IsMissing, DateTimeOffset FoundAt);

/// <summary>The slow reading through all blobs and the database, again and again.</summary>
/// <param name="StartedAt">When the round under way, or the last one, began; null when none has yet.</param>
/// <param name="FinishedAt">When the last whole round ended; null when none has yet.</param>
/// <param name="Checked">Messages and recordings read in this round.</param>
/// <param name="Octets">Their octets.</param>
public sealed record ScrubProgress(DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, long Checked, long Octets);
