namespace Postbell.Server.Configuration;

/// <summary>More addresses of one person.</summary>
/// <param name="User">User name or extension.</param>
/// <param name="Addresses">The addresses.</param>
internal sealed record MailAliases(string User, IReadOnlyList<string> Addresses);
