namespace Postbell.Directory;

/// <summary>A distribution group as mail sees it: its members and those of the groups in it, each once.</summary>
/// <param name="Name">Name of the group.</param>
/// <param name="Address">E-mail address.</param>
/// <param name="Members">Everybody who gets its mail.</param>
/// <param name="AcceptFrom">Whose mail it takes.</param>
public sealed record MailGroup(string Name, string Address, IReadOnlyList<MailRecipient> Members, GroupSenders AcceptFrom);
