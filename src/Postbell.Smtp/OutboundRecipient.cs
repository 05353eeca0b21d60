namespace Postbell.Smtp;

/// <summary>One recipient of a message for other servers.</summary>
/// <param name="Address">Mailbox, local part and domain, as the client wrote it.</param>
/// <param name="Notify">When a report is wanted.</param>
/// <param name="OriginalRecipient">ORCPT as <c>type;address</c>, xtext decoded (RFC 3461 section 4.2); null when there is none.</param>
public sealed record OutboundRecipient(string Address, DsnNotify Notify = DsnNotify.Unspecified, string? OriginalRecipient = null);
