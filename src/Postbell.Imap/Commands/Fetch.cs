using Postbell.Imap.Protocol;
using Postbell.Imap.Responses;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>FETCH and UID FETCH, RFC 3501 6.4.5, with CHANGEDSINCE and VANISHED (RFC 7162) and PARTIAL (RFC 9394).</summary>
internal static class Fetch
{
    /// <summary>Messages whose structure is held at once.</summary>
    private const int Batch = 64;

    private static readonly FetchItem Uid = new(FetchKind.Uid, "UID");
    private static readonly FetchItem ModSeq = new(FetchKind.ModSeq, "MODSEQ");
    private static readonly FetchItem Flags = new(FetchKind.Flags, "FLAGS");

    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!FetchRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var selected = session.Selected;
        if (!selected.TryResolve(request.Messages, call.IsUid, out var indexes))
        {
            return CommandResult.Bad(ParseFailureText.Describe(ParseFailure.SequenceNumberTooLarge));
        }

        if (request.Vanished && (request.ChangedSince is null || !call.IsUid || !session.Enabled.QResync))
        {
            return CommandResult.Bad("VANISHED is for UID FETCH with CHANGEDSINCE, once QRESYNC is enabled");
        }

        if (request.Partial is { } range)
        {
            if (!call.IsUid)
            {
                return CommandResult.Bad("PARTIAL is for UID FETCH");
            }

            indexes = range.Of(indexes);
        }

        if (request.ChangedSince is not null || request.Items.Any(i => i.Kind == FetchKind.ModSeq))
        {
            session.UseCondStore();
        }

        var items = Items(session, request, call.IsUid);

        await session.DemandAsync(FolderRights.Read, ct);

        // What the store says now, so that the flags are those of this moment; the numbers stay until they are told.
        await selected.NoteAsync(always: false, ct);
        if (request.ChangedSince is { } since)
        {
            indexes.RemoveAll(i => selected.Rows[i].ModSeq <= since);
            if (request.Vanished)
            {
                var wanted = request.Messages.Resolve(selected.LastUid).ToUids();
                selected.TellEarlier(session.Writer, (await selected.Mailbox.ReadVanishedAsync(selected.Folder.Id, since, wanted, ct)).Uids);
            }
        }

        var left = default(LeftOut);
        var setsSeen = request.SetsSeen && !selected.ReadOnly && selected.Rights.HasFlag(FolderRights.Seen);
        if (!setsSeen && !items.Any(NeedsMessage))
        {
            left = await WriteRowsAsync(session, indexes, items);
            indexes = [];
        }

        foreach (var batch in indexes.Chunk(Batch))
        {
            left += await WriteBatchAsync(session, batch, items, setsSeen, ct);
        }

        return left.Damaged > 0 ? CommandResult.No("CORRUPTION", "Some of the messages are damaged")
            : left.Undecodable > 0 ? CommandResult.No("UNKNOWN-CTE", "The encoding of a part is none that can be undone")
            : left.Gone > 0 && !call.IsUid ? CommandResult.No("EXPUNGEISSUED", "Some of the messages are gone")
            : CommandResult.Ok("Messages fetched");
    }

    /// <summary>Tells of the messages behind a UID what NOTIFY asked for (RFC 5465 section 5.2); none of it sets \Seen.</summary>
    public static async Task TellNewAsync(ImapSession session, uint after, IReadOnlyList<FetchItem> wanted, CancellationToken ct)
    {
        var items = wanted.Any(static i => i.Kind == FetchKind.Uid) ? wanted : [Uid, .. wanted];
        var fresh = Enumerable.Range(0, session.Selected.Rows.Count).Reverse().TakeWhile(i => session.Selected.Rows[i].Uid > after).Reverse().ToList();
        foreach (var batch in fresh.Chunk(Batch))
        {
            await WriteBatchAsync(session, batch, items, setSeen: false, ct);
        }
    }

    /// <summary>What is asked for, and what must stand beside it: the UID under UID FETCH, MODSEQ beside flags once it is in use.</summary>
    private static IReadOnlyList<FetchItem> Items(ImapSession session, FetchRequest request, bool uid)
    {
        var items = new List<FetchItem>(request.Items);
        if (uid && !items.Exists(static i => i.Kind == FetchKind.Uid))
        {
            items.Insert(0, Uid);
        }

        var modSeq = request.ChangedSince is not null || (session.Enabled.CondStore && items.Exists(static i => i.Kind == FetchKind.Flags));
        if (modSeq && !items.Exists(static i => i.Kind == FetchKind.ModSeq))
        {
            items.Add(ModSeq);
        }

        return items;
    }

    /// <summary>What the rows answer alone, which is what clients ask of whole folders.</summary>
    private static async ValueTask<LeftOut> WriteRowsAsync(ImapSession session, List<int> indexes, IReadOnlyList<FetchItem> items)
    {
        var gone = 0;
        foreach (var index in indexes)
        {
            if (session.Selected.IsVanished(session.Selected.Rows[index].Uid))
            {
                gone++;
                continue;
            }

            FetchResponse.WriteRow(session, index, items);
            await session.Connection.FlushIfManyAsync();
        }

        return new LeftOut(gone, Damaged: 0, Undecodable: 0);
    }

    /// <summary>Returns how many of the messages could not be told.</summary>
    private static async Task<LeftOut> WriteBatchAsync(
        ImapSession session, int[] batch, IReadOnlyList<FetchItem> items, bool setSeen, CancellationToken ct)
    {
        var selected = session.Selected;
        var nowSeen = setSeen ? await SetSeenAsync(session, batch, ct) : [];
        var messages = items.Any(NeedsMessage)
            ? (await selected.Mailbox.ReadMessagesAsync(selected.Folder.Id, selected.Uids(batch), ct)).ToDictionary(m => m.Uid)
            : null;
        var withFlags = WithFlags(session, items);
        var left = default(LeftOut);
        foreach (var index in batch)
        {
            var uid = selected.Rows[index].Uid;
            StoredMessage? message = null;
            if (selected.IsVanished(uid) || (messages is not null && !messages.TryGetValue(uid, out message)))
            {
                left += new LeftOut(Gone: 1, Damaged: 0, Undecodable: 0);
                continue;
            }

            using var content = message is null ? null : new MessageContent(selected.Mailbox, message);
            left += await WriteMessageAsync(session, index, nowSeen.Contains(uid) ? withFlags : items, content, ct);
        }

        return left;
    }

    private static IReadOnlyList<FetchItem> WithFlags(ImapSession session, IReadOnlyList<FetchItem> items) =>
        items.Any(i => i.Kind == FetchKind.Flags) ? items
        : session.Enabled.CondStore && !items.Any(i => i.Kind == FetchKind.ModSeq) ? [.. items, Flags, ModSeq]
        : [.. items, Flags];

    /// <summary>One damaged message does not keep a client from those behind it.</summary>
    private static async Task<LeftOut> WriteMessageAsync(
        ImapSession session, int index, IReadOnlyList<FetchItem> items, MessageContent? content, CancellationToken ct)
    {
        try
        {
            var undecodable = await FetchResponse.WriteAsync(session, index, items, content, ct);
            await session.Connection.FlushIfManyAsync();
            return new LeftOut(Gone: 0, Damaged: 0, undecodable);
        }
        catch (MailboxException refusal) when (
            session.Writer.AtLineStart && refusal.Reason is MailboxFailure.BlobDamaged or MailboxFailure.NoSuchMessage)
        {
            session.Services.Log.CommandRefused("FETCH", refusal.Reason);
            return refusal.Reason == MailboxFailure.BlobDamaged ? new LeftOut(Gone: 0, Damaged: 1, Undecodable: 0) : new LeftOut(Gone: 1, Damaged: 0, Undecodable: 0);
        }
    }

    /// <summary>Sets \Seen where it is not; returns the UIDs it was set on, whose flags the answer must tell.</summary>
    private static async Task<HashSet<uint>> SetSeenAsync(ImapSession session, int[] batch, CancellationToken ct)
    {
        var selected = session.Selected;
        var unseen = batch.Where(i => !selected.Rows[i].Flags.Has(SystemFlags.Seen) && !selected.IsVanished(selected.Rows[i].Uid)).ToArray();
        if (unseen.Length == 0)
        {
            return [];
        }

        var result = await selected.Mailbox.StoreFlagsAsync(
            selected.Folder.Id, selected.Uids(unseen), FlagChange.Add, new MessageFlags(SystemFlags.Seen), unchangedSince: null, ct);
        selected.Apply(result.Changed);
        if (session.Enabled.CondStore)
        {
            // The MODSEQ told may stand above that of changes not heard of yet.
            await selected.NoteAsync(always: true, ct);
        }

        return [.. result.Changed.Select(r => r.Uid)];
    }

    /// <summary>Messages, and parts of messages, that could not be told.</summary>
    private readonly record struct LeftOut(int Gone, int Damaged, int Undecodable)
    {
        public static LeftOut operator +(LeftOut a, LeftOut b) => new(a.Gone + b.Gone, a.Damaged + b.Damaged, a.Undecodable + b.Undecodable);
    }

    private static bool NeedsMessage(FetchItem item) => item.Kind is not (FetchKind.Uid or FetchKind.Flags or FetchKind.ModSeq);
}
