using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>A folder as this client may use it: in whose mailbox, by which name there, and with what rights.</summary>
/// <param name="View">The mailbox it lies in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Called">Its name as this client writes it.</param>
/// <param name="Rights">What the client's person may do with it.</param>
internal sealed record MailPlace(MailboxView View, string Name, string Called, FolderRights Rights)
{
    /// <summary>Goes on only where all these rights are there. Who may not even see the folder learns no more than that it is not there.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NotPermitted"/>, <see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public MailPlace Require(FolderRights needed) => Rights.HasFlag(needed) ? this : throw Missing(Rights);

    /// <summary>True for the person's own.</summary>
    public bool IsOwn => Rights == FolderRights.All && Name == Called;

    /// <summary>As <see cref="Require"/>, where one of the rights is enough.</summary>
    /// <exception cref="MailboxException">As there.</exception>
    public MailPlace RequireAny(FolderRights enough) => (Rights & enough) != 0 ? this : throw Missing(Rights);

    /// <summary>What says that a right is missing.</summary>
    public static MailboxException Missing(FolderRights rights) => rights.HasFlag(FolderRights.Lookup)
        ? new MailboxException(MailboxFailure.NotPermitted, "The person has not the right to do that.")
        : NotThere();

    /// <summary>What says that there is no such folder.</summary>
    public static MailboxException NotThere() => new(MailboxFailure.NoSuchFolder, "There is no such folder.");
}
