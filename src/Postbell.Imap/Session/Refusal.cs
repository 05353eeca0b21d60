using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>Turns what the store refuses into answers with response codes (RFC 5530, RFC 4469, RFC 9051).</summary>
internal static class Refusal
{
    /// <summary>The answer for a refusal of the store.</summary>
    /// <param name="refusal">What the store said.</param>
    /// <param name="tryCreate">True for commands that put messages into a folder: a missing one is answered with TRYCREATE.</param>
    public static CommandResult Of(MailboxException refusal, bool tryCreate = false) => refusal.Reason switch
    {
        MailboxFailure.NoSuchFolder => CommandResult.No(tryCreate ? "TRYCREATE" : "NONEXISTENT", "There is no such mailbox"),
        MailboxFailure.FolderExists => CommandResult.No("ALREADYEXISTS", "A mailbox with that name exists"),
        MailboxFailure.InvalidFolderName => CommandResult.No("CANNOT", "A mailbox cannot have that name"),
        MailboxFailure.NotSelectable => CommandResult.No("CANNOT", "This mailbox only holds other mailboxes"),
        MailboxFailure.FolderIsProtected => CommandResult.No("CANNOT", "This mailbox cannot be removed or renamed"),
        MailboxFailure.FolderHasChildren => CommandResult.No("HASCHILDREN", "The mailbox holds other mailboxes"),
        MailboxFailure.TooManyFolders => CommandResult.No("LIMIT", "There are too many mailboxes"),
        MailboxFailure.MessageTooLarge => CommandResult.No("TOOBIG", "The message is too large"),
        MailboxFailure.InvalidFlag => CommandResult.No("CANNOT", "A flag cannot be stored"),
        MailboxFailure.NotPermitted => CommandResult.No("NOPERM", "That is not allowed with this mailbox"),
        MailboxFailure.NoSuchMessage => CommandResult.No("EXPUNGEISSUED", "A message is gone"),
        MailboxFailure.NoSuchAccount => CommandResult.No("UNAVAILABLE", "The account is gone"),
        MailboxFailure.BlobDamaged => CommandResult.No("CORRUPTION", "A message is damaged"),
        MailboxFailure.DatabaseDamaged => CommandResult.No("CORRUPTION", "A part of the mail store is damaged"),
        MailboxFailure.OverQuota => CommandResult.No("OVERQUOTA", "The mailbox is full"),
        MailboxFailure.DiskFull => CommandResult.No("OVERQUOTA", "The disk of the server is full"),
        MailboxFailure.StorageFailed or MailboxFailure.Closed => CommandResult.No("UNAVAILABLE", "The mail store takes no changes now"),
        _ => CommandResult.No("SERVERBUG", "The mail store refused the command"),
    };
}
