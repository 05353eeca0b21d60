using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>
/// The names one person's clients may say: his own folders as they are, those of colleagues below <c>Other Users/NAME</c>, those of teams below
/// <c>Shared Folders/NAME</c> (RFC 2342), where the name alone is the inbox. Every name a client says passes here, so this is where rights are looked at.
/// </summary>
internal sealed class MailPlaces(MailStore store, MailboxView own)
{
    /// <summary>What stands before names of colleagues' folders.</summary>
    public const string OtherUsers = "Other Users";

    /// <summary>What stands before names of teams' folders.</summary>
    public const string SharedFolders = "Shared Folders";

    /// <summary>True for a name that is not one of the person's own.</summary>
    public static bool IsForeign(string name) => IsBelow(name, OtherUsers) || IsBelow(name, SharedFolders);

    /// <summary>The folder of a name. One of his own need not exist; one of somebody else exists.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>: it is not there, or the person has no right to it at all.</exception>
    public async Task<MailPlace> FindAsync(string name, CancellationToken ct)
    {
        if (!IsForeign(name))
        {
            return new MailPlace(own, name, name, FolderRights.All);
        }

        if (!TrySplit(name, out var team, out var owner, out var folder)
            || await store.FindSharedFolderAsync(owner, folder, own.AccountId, ct) is not { } shared || shared.OwnerIsTeam != team)
        {
            throw MailPlace.NotThere();
        }

        return new MailPlace(await store.OpenMailboxAsync(shared.OwnerId, ct), shared.Folder.Name, Called(shared), shared.Rights);
    }

    /// <summary>Where a new folder of this name would lie: with the rights the person has on the nearest folder above it.</summary>
    /// <exception cref="MailboxException">As <see cref="FindAsync"/>, of the folder above.</exception>
    public async Task<MailPlace> FindForNewAsync(string name, CancellationToken ct)
    {
        name = name.EndsWith(FolderNames.Separator) ? name[..^1] : name;
        if (!IsForeign(name))
        {
            return new MailPlace(own, name, name, FolderRights.All);
        }

        if (!TrySplit(name, out _, out _, out var folder))
        {
            throw MailPlace.NotThere();
        }

        for (var at = name.LastIndexOf(FolderNames.Separator); at > 0; at = name.LastIndexOf(FolderNames.Separator, at - 1))
        {
            try
            {
                var above = await FindAsync(name[..at], ct);
                return above with { Name = folder, Called = name };
            }
            catch (MailboxException missing) when (missing.Reason == MailboxFailure.NoSuchFolder)
            {
                // Levels between may be missing too.
                continue;
            }
        }

        throw MailPlace.NotThere();
    }

    /// <summary>The folders of others the person may see, by the names he calls them, with the levels above.</summary>
    public async Task<IReadOnlyList<(MailFolder Folder, SharedFolder? Shared)>> ListAsync(CancellationToken ct)
    {
        var shared = await store.ListSharedFoldersAsync(own.AccountId, ct);
        if (shared.Count == 0)
        {
            return [];
        }

        var subscribed = (await own.ListSubscriptionsAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var byName = new SortedDictionary<string, SharedFolder?>(StringComparer.Ordinal);
        foreach (var folder in shared.Where(static s => !s.OwnerName.Contains(FolderNames.Separator, StringComparison.Ordinal)))
        {
            var name = Called(folder);
            byName[name] = folder;
            for (var at = name.LastIndexOf(FolderNames.Separator); at > 0; at = name.LastIndexOf(FolderNames.Separator, at - 1))
            {
                byName.TryAdd(name[..at], null);
            }
        }

        return
        [
            .. byName.Select(entry => (new MailFolder(
                entry.Value?.Folder.Id ?? 0, entry.Key, entry.Value?.Folder.UidValidity ?? 0, entry.Value?.Folder.Use ?? FolderUse.None,
                entry.Value?.Folder.Selectable ?? false, subscribed.Contains(entry.Key), byName.Keys.Any(name => IsBelow(name, entry.Key) && name != entry.Key),
                entry.Value?.Folder.MailboxId ?? ""), entry.Value)),
        ];
    }

    private static string Called(SharedFolder shared)
    {
        var root = $"{(shared.OwnerIsTeam ? SharedFolders : OtherUsers)}{FolderNames.Separator}{shared.OwnerName}";
        return shared.Folder.Name == FolderNames.Inbox ? root : $"{root}{FolderNames.Separator}{shared.Folder.Name}";
    }

    private static bool TrySplit(string name, out bool team, out string owner, out string folder)
    {
        team = IsBelow(name, SharedFolders);
        var parts = name[(team ? SharedFolders : OtherUsers).Length..].Split(FolderNames.Separator, 3);
        owner = parts.Length > 1 ? parts[1] : "";
        folder = parts.Length > 2 ? parts[2] : FolderNames.Inbox;
        // The inbox has one name only, and its children are called by it.
        return owner.Length > 0 && folder.Length > 0 && !(parts.Length > 2 && folder.Equals(FolderNames.Inbox, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsBelow(string name, string root) =>
        name.StartsWith(root, StringComparison.Ordinal) && (name.Length == root.Length || name[root.Length] == FolderNames.Separator);
}
