using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>STORE and UID STORE, RFC 3501 6.4.6.</summary>
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

        var flags = MessageFlags.Parse(request.Flags);
        var result = await session.Mailbox.StoreFlagsAsync(
            selected.Folder.Id, selected.Uids(indexes), Change(request.Mode), flags, unchangedSince: null, ct);
        selected.Apply(result.Changed);
        if (!request.Silent)
        {
            await TellAsync(session, result.Changed, call.IsUid);
        }

        return result.Changed.Count == indexes.Count || call.IsUid
            ? CommandResult.Ok("Flags stored")
            : CommandResult.No("EXPUNGEISSUED", "Some of the messages are gone");
    }

    private static async Task TellAsync(ImapSession session, IReadOnlyList<MessageRow> changed, bool withUid)
    {
        foreach (var row in changed)
        {
            if (session.Selected.IndexOf(row.Uid) is var at and >= 0)
            {
                session.Selected.TellFlags(session.Writer, at, withUid);
                await session.Connection.FlushIfManyAsync();
            }
        }
    }

    private static FlagChange Change(StoreMode mode) => mode switch
    {
        StoreMode.Add => FlagChange.Add,
        StoreMode.Remove => FlagChange.Remove,
        _ => FlagChange.Replace,
    };
}
