namespace Postbell.Mailbox;

/// <summary>What a backup holds now.</summary>
/// <param name="Messages">Contents of all mailboxes.</param>
/// <param name="Copied">Blobs copied this time; the others were there from the last.</param>
/// <param name="Removed">Blobs of the last backup that nothing names any more.</param>
/// <param name="Missing">Blobs that could not be copied because they are missing in the store itself.</param>
public sealed record BackupResult(long Messages, long Copied, long Removed, IReadOnlyList<string> Missing);

/// <summary>What restoring a mailbox brought back.</summary>
/// <param name="AccountMade">True when the account was gone and is there again with its password, PIN and greetings.</param>
/// <param name="Restored">Messages that were not in their folder any more and are again.</param>
/// <param name="Present">Messages that were there.</param>
/// <param name="Damaged">Messages whose bytes are damaged in the backup, by folder and UID.</param>
public sealed record RestoreResult(bool AccountMade, int Restored, int Present, IReadOnlyList<string> Damaged);
