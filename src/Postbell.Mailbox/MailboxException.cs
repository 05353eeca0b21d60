namespace Postbell.Mailbox;

/// <summary>Why the store refused.</summary>
public enum MailboxFailure
{
    /// <summary>No such account.</summary>
    NoSuchAccount,

    /// <summary>The user name is taken.</summary>
    AccountExists,

    /// <summary>A field of a new account is empty, too long or has characters that do not belong there.</summary>
    InvalidAccount,

    /// <summary>No such folder.</summary>
    NoSuchFolder,

    /// <summary>A folder of that name is there already.</summary>
    FolderExists,

    /// <summary>The folder name is empty, too long, too deep, or has control characters or empty levels.</summary>
    InvalidFolderName,

    /// <summary>The folder exists only as the parent of others and holds no messages.</summary>
    NotSelectable,

    /// <summary>INBOX and folders with a special use stay.</summary>
    FolderIsProtected,

    /// <summary>A folder without messages of its own cannot be deleted while it has children.</summary>
    FolderHasChildren,

    /// <summary>The account has as many folders as it may.</summary>
    TooManyFolders,

    /// <summary>The message is larger than the store takes.</summary>
    MessageTooLarge,

    /// <summary>The greeting is larger than the store takes, or its name is none of the known ones.</summary>
    InvalidGreeting,

    /// <summary>Text, subject or times of an automatic reply are out of bounds.</summary>
    InvalidVacation,

    /// <summary>A flag is no IMAP atom or the message would have too many keywords.</summary>
    InvalidFlag,

    /// <summary>No such message, or it has been expunged.</summary>
    NoSuchMessage,

    /// <summary>The person may not do that with the folder.</summary>
    NotPermitted,

    /// <summary>A note about a folder has too many bytes.</summary>
    MetadataTooLarge,

    /// <summary>There would be too many notes about a folder.</summary>
    TooMuchMetadata,

    /// <summary>The mailbox is as full as its quota allows.</summary>
    OverQuota,

    /// <summary>The disk is full. What was being written is not there; later writes may succeed.</summary>
    DiskFull,

    /// <summary>A write or fsync failed: the store takes no more writes until it is opened again. What was being written is not acknowledged.</summary>
    StorageFailed,

    /// <summary>A blob is missing or its bytes no longer match their checksum.</summary>
    BlobDamaged,

    /// <summary>The database was written by a newer version of Postbell.</summary>
    NewerDatabase,

    /// <summary>The database fails its integrity check, or is none of ours.</summary>
    DatabaseDamaged,

    /// <summary>A legal hold lasts: nothing of the mailbox may go for good.</summary>
    OnHold,

    /// <summary>A backup, export or import could not be written or read; the message says why.</summary>
    BackupFailed,

    /// <summary>Another process has the store open.</summary>
    InUse,

    /// <summary>The store is being closed.</summary>
    Closed,
}

/// <summary>An operation of the store that was refused or failed; nothing of it took effect.</summary>
public sealed class MailboxException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MailboxException(MailboxFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>The named reason.</summary>
    public MailboxFailure Reason { get; }
}
