using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Messages;

/// <summary>What happens to message rows inside a write transaction.</summary>
internal static class MessageWrites
{
    public static IReadOnlyList<AppendResult> Append(WriteScope scope, long accountId, FolderRow folder, IReadOnlyList<PreparedMessage> messages)
    {
        UsageTable.Add(scope.Sql, accountId, messages.Sum(static m => m.Blob.Size), messages.Count);
        var modSeq = FolderTable.NextModSeq(scope.Sql, accountId);
        var uid = FolderTable.TakeUids(scope.Sql, accountId, folder.Id, messages.Count, modSeq);
        var results = new List<AppendResult>(messages.Count);
        foreach (var message in messages)
        {
            var content = ContentTable.Insert(scope.Sql, accountId, message.Blob, message.Profile);
            MessageTable.Insert(scope.Sql, accountId, folder.Id, new PlacedMessage(
                uid, content, message.Flags, modSeq, (message.InternalDate ?? scope.Now).ToUnixTimeMilliseconds(), message.Blob.Size,
                message.Profile.Kind, message.Profile.Importance, scope.Now.ToUnixTimeMilliseconds()));
            results.Add(new AppendResult(folder.Id, folder.UidValidity, uid++, modSeq, Duplicate: false));
        }

        Publish(scope, accountId, folder.Id, MailboxChangeKind.Added, [.. results.Select(static r => r.Uid)], modSeq,
            messages.Any(static m => m.Profile.Kind == MessageKind.Voice));
        return results;
    }

    public static FlagResult StoreFlags(
        WriteScope scope, long accountId, long folderId, IReadOnlyList<UidRange> uids, FlagChange change, MessageFlags flags, long? unchangedSince,
        FlagScope? within = null)
    {
        FolderTable.Require(scope.Sql, accountId, folderId);
        var rows = new List<MessageRow>();
        var refused = new List<uint>();
        var changed = new List<uint>();
        var voice = false;
        long modSeq = 0;
        foreach (var message in Find(scope, accountId, folderId, uids))
        {
            if (message.ModSeq > unchangedSince)
            {
                refused.Add(message.Uid);
                continue;
            }

            var after = Apply(message.Flags, change, flags, within ?? FlagScope.All);
            if (after == message.Flags)
            {
                rows.Add(new MessageRow(message.Uid, message.Flags, message.ModSeq));
                continue;
            }

            modSeq = modSeq == 0 ? FolderTable.NextModSeq(scope.Sql, accountId) : modSeq;
            MessageTable.SetFlags(scope.Sql, accountId, folderId, message.Uid, after, modSeq);
            rows.Add(new MessageRow(message.Uid, after, modSeq));
            changed.Add(message.Uid);
            voice |= message.Kind == MessageKind.Voice;
        }

        if (changed.Count > 0)
        {
            FolderTable.Touch(scope.Sql, accountId, folderId, modSeq);
            Publish(scope, accountId, folderId, MailboxChangeKind.FlagsChanged, changed, modSeq, voice);
        }

        return new FlagResult(rows, refused);
    }

    public static CopyResult Copy(WriteScope scope, long accountId, long folderId, IReadOnlyList<UidRange> uids, string targetName, bool move, MailboxQuota quota)
    {
        FolderTable.Require(scope.Sql, accountId, folderId);
        var target = FolderTable.Require(scope.Sql, accountId, targetName);
        var messages = Find(scope, accountId, folderId, uids);
        if (messages.Count == 0)
        {
            return new CopyResult(target.UidValidity, []);
        }

        if (!move)
        {
            UsageTable.RequireRoom(scope.Sql, accountId, quota, messages.Sum(static m => m.Size), messages.Count);
        }

        var pairs = Place(scope, accountId, target, messages);
        if (move)
        {
            Remove(scope, accountId, folderId, messages);
        }

        return new CopyResult(target.UidValidity, pairs);
    }

    /// <summary>Copies all messages of a folder and removes them there.</summary>
    public static void MoveAll(WriteScope scope, long accountId, long folderId, FolderRow target)
    {
        var messages = MessageTable.Placed(scope.Sql, accountId, folderId, UidRange.All);
        if (messages.Count > 0)
        {
            Place(scope, accountId, target, messages);
            Remove(scope, accountId, folderId, messages);
        }
    }

    /// <summary>Removes what has <c>\Deleted</c>; <paramref name="keeping"/> says what of it can be brought back.</summary>
    public static IReadOnlyList<uint> Expunge(WriteScope scope, long accountId, long folderId, IReadOnlyList<UidRange> uids, Keeping keeping)
    {
        var folder = FolderTable.Require(scope.Sql, accountId, folderId);
        var messages = Find(scope, accountId, folderId, uids).FindAll(static m => m.Flags.Has(SystemFlags.Deleted));
        RemoveAll(scope, accountId, folder, messages, keeping);
        return messages.ConvertAll(static m => m.Uid);
    }

    /// <summary>Removes every message of a folder.</summary>
    public static void RemoveAll(WriteScope scope, long accountId, FolderRow folder, Keeping keeping) =>
        RemoveAll(scope, accountId, folder, MessageTable.Placed(scope.Sql, accountId, folder.Id, UidRange.All), keeping);

    /// <summary>Removes messages of a folder.</summary>
    public static void RemoveAll(WriteScope scope, long accountId, FolderRow folder, List<PlacedMessage> messages, Keeping keeping)
    {
        // Before they go: a content that nothing holds goes with the last that did.
        foreach (var message in messages.Where(m => keeping == Keeping.All || (keeping == Keeping.NoDrafts && !m.Flags.Has(SystemFlags.Draft))))
        {
            RemovedTable.Insert(scope.Sql, accountId, folder.Name, message, scope.Now);
        }

        if (messages.Count > 0)
        {
            Remove(scope, accountId, folder.Id, messages);
        }
    }

    /// <summary>Puts messages into a folder.</summary>
    public static List<CopiedMessage> Place(WriteScope scope, long accountId, FolderRow target, List<PlacedMessage> messages)
    {
        UsageTable.Add(scope.Sql, accountId, messages.Sum(static m => m.Size), messages.Count);
        var modSeq = FolderTable.NextModSeq(scope.Sql, accountId);
        var uid = FolderTable.TakeUids(scope.Sql, accountId, target.Id, messages.Count, modSeq);
        var pairs = new List<CopiedMessage>(messages.Count);
        foreach (var message in messages)
        {
            MessageTable.Insert(scope.Sql, accountId, target.Id, message with { Uid = uid, ModSeq = modSeq, SavedAt = scope.Now.ToUnixTimeMilliseconds() });
            pairs.Add(new CopiedMessage(message.Uid, uid++));
        }

        Publish(scope, accountId, target.Id, MailboxChangeKind.Added, pairs.ConvertAll(static p => p.TargetUid), modSeq, HasVoice(messages));
        return pairs;
    }

    private static void Remove(WriteScope scope, long accountId, long folderId, List<PlacedMessage> messages)
    {
        UsageTable.Add(scope.Sql, accountId, -messages.Sum(static m => m.Size), -messages.Count);
        var modSeq = FolderTable.NextModSeq(scope.Sql, accountId);
        foreach (var message in messages)
        {
            MessageTable.Delete(scope.Sql, accountId, folderId, message.Uid);
            MessageTable.LogExpunged(scope.Sql, accountId, folderId, message.Uid, modSeq);
            if (ContentTable.Release(scope.Sql, accountId, message.ContentId) is { } blob)
            {
                scope.ReleasedBlobs.Add(blob);
            }
        }

        FolderTable.Touch(scope.Sql, accountId, folderId, modSeq);
        Publish(scope, accountId, folderId, MailboxChangeKind.Expunged, messages.ConvertAll(static m => m.Uid), modSeq, HasVoice(messages));
    }

    // Ranges may overlap and come in any order; each message is taken once, ascending.
    public static List<PlacedMessage> Find(WriteScope scope, long accountId, long folderId, IReadOnlyList<UidRange> uids)
    {
        var messages = new List<PlacedMessage>();
        foreach (var range in UidRange.Merge(uids))
        {
            messages.AddRange(MessageTable.Placed(scope.Sql, accountId, folderId, range));
        }

        return messages;
    }

    private static MessageFlags Apply(MessageFlags before, FlagChange change, MessageFlags flags, FlagScope scope) => change switch
    {
        FlagChange.Add => before.With(scope.Within(flags)),
        FlagChange.Remove => before.Without(scope.Within(flags)),
        _ => scope.Outside(before).With(scope.Within(flags)),
    };

    private static bool HasVoice(List<PlacedMessage> messages) => messages.Exists(static m => m.Kind == MessageKind.Voice);

    private static void Publish(
        WriteScope scope, long accountId, long folderId, MailboxChangeKind kind, IReadOnlyList<uint> uids, long modSeq, bool voice) =>
        scope.Changes.Add(new MailboxChange(accountId, folderId, kind, uids, modSeq, voice));
}
