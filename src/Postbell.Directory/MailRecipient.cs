namespace Postbell.Directory;

/// <summary>Somebody who gets mail here.</summary>
/// <param name="AccountId">Number of the mailbox account.</param>
/// <param name="Address">Main e-mail address.</param>
/// <param name="Aliases">More addresses of the same mailbox.</param>
public sealed record MailRecipient(long AccountId, string Address, IReadOnlyList<string> Aliases);
