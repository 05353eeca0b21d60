using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Messages;

/// <summary>Counts voice messages for lamp and phone.</summary>
internal static class VoiceCounting
{
    public static VoiceCounts Count(SqlSession sql, long accountId)
    {
        var folders = FolderTable.List(sql, accountId);
        var hidden = folders.FindAll(static f => f.Use is FolderUse.Trash or FolderUse.Junk);
        var counted = folders
            .Where(f => !hidden.Exists(h => h.Id == f.Id || FolderName.IsBelow(f.Name, h.Name)))
            .Select(static f => f.Id).ToHashSet();
        var counts = new VoiceCounts();
        foreach (var group in MessageTable.VoiceGroups(sql, accountId))
        {
            if (counted.Contains(group.FolderId) && (group.Flags & SystemFlags.Deleted) == 0)
            {
                counts = Add(counts, group.Flags, group.Importance == MessageImportance.High ? group.Count : 0, group.Count);
            }
        }

        return counts;
    }

    private static VoiceCounts Add(VoiceCounts counts, SystemFlags flags, int urgent, int number) => (flags & SystemFlags.Seen) == 0
        ? counts with { New = counts.New + number, UrgentNew = counts.UrgentNew + urgent }
        : counts with { Old = counts.Old + number, UrgentOld = counts.UrgentOld + urgent };
}
