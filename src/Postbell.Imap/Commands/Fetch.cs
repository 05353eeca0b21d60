using Postbell.Imap.Protocol;
using Postbell.Imap.Responses;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>FETCH and UID FETCH, RFC 3501 6.4.5.</summary>
internal static class Fetch
{
    /// <summary>Messages whose structure is held at once.</summary>
    private const int Batch = 64;

    private static readonly FetchItem Uid = new(FetchKind.Uid, "UID");
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

        var items = request.Items;
        if (call.IsUid && !items.Any(i => i.Kind == FetchKind.Uid))
        {
            items = [Uid, .. items];
        }

        // What the store says now, so that the flags are those of this moment; the numbers stay until they are told.
        await selected.NoteAsync(always: false, ct);
        var missing = 0;
        foreach (var batch in indexes.Chunk(Batch))
        {
            missing += await WriteBatchAsync(session, batch, items, request.SetsSeen && !selected.ReadOnly, ct);
        }

        return missing == 0 || call.IsUid
            ? CommandResult.Ok("Messages fetched")
            : CommandResult.No("EXPUNGEISSUED", "Some of the messages are gone");
    }

    /// <summary>Returns how many of the messages are gone.</summary>
    private static async Task<int> WriteBatchAsync(
        ImapSession session, int[] batch, IReadOnlyList<FetchItem> items, bool setSeen, CancellationToken ct)
    {
        var selected = session.Selected;
        var nowSeen = setSeen ? await SetSeenAsync(session, batch, ct) : [];
        var messages = items.Any(NeedsMessage)
            ? (await session.Mailbox.ReadMessagesAsync(selected.Folder.Id, selected.Uids(batch), ct)).ToDictionary(m => m.Uid)
            : null;
        var withFlags = items.Any(i => i.Kind == FetchKind.Flags) ? items : [.. items, Flags];
        var missing = 0;
        foreach (var index in batch)
        {
            var uid = selected.Rows[index].Uid;
            StoredMessage? message = null;
            if (selected.IsVanished(uid) || (messages is not null && !messages.TryGetValue(uid, out message)))
            {
                missing++;
                continue;
            }

            var content = message is null ? null : new MessageContent(session.Mailbox, message);
            await FetchResponse.WriteAsync(session, index, nowSeen.Contains(uid) ? withFlags : items, content, ct);
            await session.Connection.FlushIfManyAsync();
        }

        return missing;
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

        var result = await session.Mailbox.StoreFlagsAsync(
            selected.Folder.Id, selected.Uids(unseen), FlagChange.Add, new MessageFlags(SystemFlags.Seen), unchangedSince: null, ct);
        selected.Apply(result.Changed);
        return [.. result.Changed.Select(r => r.Uid)];
    }

    private static bool NeedsMessage(FetchItem item) => item.Kind is not (FetchKind.Uid or FetchKind.Flags);
}
