namespace Postbell.Smtp.Client;

/// <summary>What became of one recipient of a message.</summary>
/// <param name="Address">The recipient.</param>
/// <param name="Reply">The answer that decided it: to the end of the content when the server took the message, else to the command it refused.</param>
/// <param name="Server">Who said it, or would have been asked.</param>
/// <param name="ReportsPassedOn">The server knows DSN (RFC 3461): what the sender wants to hear, it will say.</param>
public sealed record SmtpOutcome(string Address, SmtpReply Reply, string Server, bool ReportsPassedOn = false);
