namespace Postbell.Mailbox;

/// <summary>A folder of somebody else that a person has rights to.</summary>
/// <param name="OwnerId">Whose account it lies in.</param>
/// <param name="OwnerName">His sign-in name.</param>
/// <param name="OwnerIsTeam">True when that is a mailbox of a team and not of a person.</param>
/// <param name="Folder">The folder, by its name there.</param>
/// <param name="Rights">What the person may do.</param>
public sealed record SharedFolder(long OwnerId, string OwnerName, bool OwnerIsTeam, MailFolder Folder, FolderRights Rights);

/// <summary>What somebody was given on a folder.</summary>
/// <param name="UserName">Sign-in name; null for everybody.</param>
/// <param name="Rights">What he may do.</param>
public sealed record FolderGrant(string? UserName, FolderRights Rights);

/// <summary>Which flags of a message may be changed.</summary>
/// <param name="System">System flags.</param>
/// <param name="Keywords">True for keywords.</param>
public readonly record struct FlagScope(SystemFlags System, bool Keywords)
{
    /// <summary>All of them.</summary>
    public static FlagScope All { get; } = new(SystemFlags.Seen | SystemFlags.Answered | SystemFlags.Flagged | SystemFlags.Deleted | SystemFlags.Draft, true);

    /// <summary>Those that rights allow (RFC 4314 section 4: STORE).</summary>
    public static FlagScope Of(FolderRights rights) => new(
        (rights.HasFlag(FolderRights.Seen) ? SystemFlags.Seen : 0)
        | (rights.HasFlag(FolderRights.DeleteMessages) ? SystemFlags.Deleted : 0)
        | (rights.HasFlag(FolderRights.Write) ? SystemFlags.Answered | SystemFlags.Flagged | SystemFlags.Draft : 0),
        rights.HasFlag(FolderRights.Write));

    /// <summary>The flags among <paramref name="flags"/> that may be changed.</summary>
    public MessageFlags Within(MessageFlags flags) => new(flags.System & System, Keywords ? flags.Keywords : "");

    /// <summary>The flags among <paramref name="flags"/> that may not be changed.</summary>
    public MessageFlags Outside(MessageFlags flags) => new(flags.System & ~System, Keywords ? "" : flags.Keywords);
}
