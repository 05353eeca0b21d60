using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>STORE and UID STORE, RFC 3501 6.4.6, with UNCHANGEDSINCE (RFC 7162).</summary>
internal static class Store
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!StoreRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var selected = session.Selected;
        if (!selected.TryResolve(request.Messages, call.IsUid, out var indexes))
        {
            return CommandResult.Bad(ParseFailureText.Describe(ParseFailure.SequenceNumberTooLarge));
        }

        if (selected.ReadOnly)
        {
            return CommandResult.No("CANNOT", "The mailbox is open read-only");
        }

        if (indexes.Count == 0)
        {
            return CommandResult.Ok("No such message");
        }

        if (request.UnchangedSince is not null)
        {
            session.UseCondStore();
        }

        var flags = MessageFlags.Parse(request.Flags);
        await session.RefreshRightsAsync(ct);
        var scope = FlagScope.Of(selected.Rights);
        if (scope == default || (flags != MessageFlags.None && scope.Within(flags) == MessageFlags.None))
        {
            // Where some of the flags may be changed, those are (RFC 4314 section 4).
            throw MailPlace.Missing(selected.Rights);
        }

        var result = await selected.Mailbox.StoreFlagsAsync(
            selected.Folder.Id, selected.Uids(indexes), Change(request.Mode), flags, request.UnchangedSince, scope, ct);
        await TellAsync(session, result.Changed, request, flags, call.IsUid);
        if (session.Enabled.CondStore)
        {
            // The MODSEQ told may stand above that of changes not heard of yet.
            await selected.NoteAsync(always: true, ct);
        }

        var refused = Refused(selected, result, call.IsUid);
        return result.Changed.Count + result.Modified.Count < indexes.Count && !call.IsUid
            ? CommandResult.No(refused ?? "EXPUNGEISSUED", "Some of the messages are gone")
            : CommandResult.Ok(refused is null ? "Flags stored" : "Some of the messages have changed meanwhile", refused);
    }

    /// <summary>The response code that names what was left alone; its present flags are told with the answer.</summary>
    private static string? Refused(SelectedFolder selected, FlagResult result, bool uid) => result.Modified.Count == 0
        ? null
        : "MODIFIED " + NumberRanges.Of(uid ? result.Modified : result.Modified.Select(u => (uint)(selected.IndexOf(u) + 1)));

    /// <summary>Silent leaves out what the client can tell itself; what others did to the flags before, and MODSEQ, it cannot.</summary>
    private static async Task TellAsync(
        ImapSession session, IReadOnlyList<MessageRow> stored, StoreRequest request, MessageFlags flags, bool withUid)
    {
        var selected = session.Selected;
        foreach (var row in stored)
        {
            if (selected.IndexOf(row.Uid) is not (var at and >= 0))
            {
                continue;
            }

            var known = selected.Rows[at];
            selected.Apply([row]);
            if (!request.Silent || row.Flags != Expected(known.Flags, request.Mode, flags))
            {
                selected.TellFlags(session.Writer, at, withUid);
            }
            else if (session.Enabled.CondStore && row.ModSeq != known.ModSeq)
            {
                selected.TellModSeq(session.Writer, at, withUid);
            }

            await session.Connection.FlushIfManyAsync();
        }
    }

    private static MessageFlags Expected(MessageFlags before, StoreMode mode, MessageFlags flags) => mode switch
    {
        StoreMode.Add => before.With(flags),
        StoreMode.Remove => before.Without(flags),
        _ => flags,
    };

    private static FlagChange Change(StoreMode mode) => mode switch
    {
        StoreMode.Add => FlagChange.Add,
        StoreMode.Remove => FlagChange.Remove,
        _ => FlagChange.Replace,
    };
}
