using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>Copies and moves messages of the selected folder to wherever the person may put them, also into the mailbox of somebody else.</summary>
internal static class MailTransfer
{
    private const FolderRights KeepsFlags = FolderRights.Seen | FolderRights.Write | FolderRights.DeleteMessages;

    /// <summary>Copies, all or none. Of the flags those come along that the person may set there (RFC 4314 section 4).</summary>
    /// <exception cref="MailboxException">As the store says; <see cref="MailboxFailure.MessageTooLarge"/> when it is too much at once for another mailbox.</exception>
    public static async Task<CopyResult> CopyAsync(ImapSession session, IReadOnlyList<UidRange> uids, MailPlace target, CancellationToken ct)
    {
        var selected = session.Selected;
        return IsWithin(selected, target)
            ? await selected.Mailbox.CopyAsync(selected.Folder.Id, uids, target.Name, ct)
            : (await AcrossAsync(session, uids, target, ct)).Result;
    }

    /// <summary>Moves. Between two mailboxes a message is in the new one before it leaves the old one, so that none is ever lost.</summary>
    /// <exception cref="MailboxException">As <see cref="CopyAsync"/>.</exception>
    public static async Task<CopyResult> MoveAsync(ImapSession session, IReadOnlyList<UidRange> uids, MailPlace target, CancellationToken ct)
    {
        var selected = session.Selected;
        if (IsWithin(selected, target))
        {
            return await selected.Mailbox.MoveAsync(selected.Folder.Id, uids, target.Name, ct);
        }

        var (result, moved) = await AcrossAsync(session, uids, target, ct);
        if (moved.Count > 0)
        {
            await selected.Mailbox.StoreFlagsAsync(
                selected.Folder.Id, moved, FlagChange.Add, new MessageFlags(SystemFlags.Deleted), unchangedSince: null, ct);
            await selected.Mailbox.ExpungeAsync(selected.Folder.Id, moved, ct);
        }

        return result;
    }

    private static bool IsWithin(SelectedFolder selected, MailPlace target) =>
        selected.Mailbox.AccountId == target.View.AccountId && target.Rights.HasFlag(KeepsFlags);

    private static async Task<(CopyResult Result, IReadOnlyList<UidRange> Copied)> AcrossAsync(
        ImapSession session, IReadOnlyList<UidRange> uids, MailPlace target, CancellationToken ct)
    {
        var selected = session.Selected;
        var messages = await selected.Mailbox.ReadMessagesAsync(selected.Folder.Id, uids, ct);
        if (messages.Sum(static m => m.Size) > session.Connection.Limits.MessageBytes)
        {
            throw new MailboxException(MailboxFailure.MessageTooLarge, "That is too much at once.");
        }

        var scope = FlagScope.Of(target.Rights);
        var copies = new List<NewMessage>(messages.Count);
        foreach (var message in messages)
        {
            copies.Add(new NewMessage
            {
                Message = await selected.Mailbox.ReadContentAsync(message, ct), Flags = scope.Within(message.Flags), InternalDate = message.InternalDate,
            });
        }

        if (copies.Count == 0)
        {
            return (new CopyResult(0, []), []);
        }

        var stored = await target.View.AppendAsync(target.Name, copies, ct);
        return (
            new CopyResult(stored[0].UidValidity, [.. messages.Zip(stored, static (from, to) => new CopiedMessage(from.Uid, to.Uid))]),
            UidRange.From(messages.Select(static m => m.Uid)));
    }
}
