using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>SELECT, RFC 3501 6.3.1, with CONDSTORE and QRESYNC (RFC 7162); EXAMINE shares its work.</summary>
internal static class Select
{
    /// <summary>Who has none of these rights opens a folder read-only (RFC 4314 section 4).</summary>
    private const FolderRights Changing =
        FolderRights.Seen | FolderRights.Write | FolderRights.Insert | FolderRights.DeleteMessages | FolderRights.Expunge;

    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct) =>
        OpenAsync(session, call, readOnly: false, ct);

    public static async Task<CommandResult> OpenAsync(ImapSession session, CommandCall call, bool readOnly, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!SelectRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        if (request.Known is not null && !session.Enabled.QResync)
        {
            return CommandResult.Bad("Enable QRESYNC first");
        }

        // Whatever comes of it, the folder selected before is left (RFC 3501 6.3.1).
        if (session.State == SessionState.Selected && (session.Enabled.QResync || session.Enabled.Imap4Rev2))
        {
            session.Writer.Untagged("OK [CLOSED] The mailbox before is left");
        }

        session.LeaveFolder();
        if (request.CondStore)
        {
            session.UseCondStore();
        }

        var place = (await session.Places.FindAsync(request.Mailbox, ct)).Require(FolderRights.Read);
        readOnly |= (place.Rights & Changing) == 0;
        var snapshot = await place.View.OpenFolderAsync(place.Name, readOnly, ct);
        snapshot = snapshot with { Folder = snapshot.Folder with { Name = place.IsOwn ? snapshot.Folder.Name : place.Called } };
        var selected = new SelectedFolder(place.View, snapshot, readOnly, session.Enabled) { Rights = place.Rights };

        // Read before anything is written: a refusal must find no half answer.
        var vanished = await VanishedAsync(session, selected, request.Known, ct);
        session.SelectFolder(selected);

        // A change between the snapshot and the watching would be missed without one more look at the first chance.
        selected.MarkChanged();
        Describe(session.Writer, selected, snapshot.FirstUnseen, session.Enabled.Imap4Rev2);
        if (request.Known is { } known && known.UidValidity == selected.Folder.UidValidity)
        {
            await CatchUpAsync(session, selected, known, vanished);
        }

        return readOnly ? CommandResult.Ok("Mailbox open, read-only", "READ-ONLY") : CommandResult.Ok("Mailbox open", "READ-WRITE");
    }

    private static async Task<IReadOnlyList<UidRange>> VanishedAsync(ImapSession session, SelectedFolder selected, KnownState? known, CancellationToken ct)
    {
        if (known is null || known.UidValidity != selected.Folder.UidValidity)
        {
            return [];
        }

        IReadOnlyList<UidRange> wanted = known.KnownUids?.Resolve(uint.MaxValue).ToUids() ?? [UidRange.All];
        return (await selected.Mailbox.ReadVanishedAsync(selected.Folder.Id, known.ModSeq, wanted, ct)).Uids;
    }

    /// <summary>What happened to the messages the client knows since it was here last: gone ones first, then changed and new ones.</summary>
    private static async Task CatchUpAsync(ImapSession session, SelectedFolder selected, KnownState known, IReadOnlyList<UidRange> vanished)
    {
        var wanted = known.KnownUids?.Resolve(uint.MaxValue);
        selected.TellEarlier(session.Writer, vanished);
        for (var i = 0; i < selected.Rows.Count; i++)
        {
            if (selected.Rows[i].ModSeq > known.ModSeq && wanted?.Contains(selected.Rows[i].Uid) != false)
            {
                selected.TellFlags(session.Writer, i, withUid: true);
                await session.Connection.FlushIfManyAsync();
            }
        }
    }

    private static void Describe(ResponseWriter writer, SelectedFolder selected, int firstUnseen, bool rev2)
    {
        writer.Untagged($"FLAGS ({selected.FlagNames})");
        selected.TellCount(writer);
        if (!rev2 && firstUnseen >= 0)
        {
            writer.Raw("* OK [UNSEEN "u8).Number(firstUnseen + 1).Text("] First message not seen").Line();
        }

        writer.Untagged(selected.ReadOnly
            ? "OK [PERMANENTFLAGS ()] No flags can be set"
            : $"OK [PERMANENTFLAGS ({selected.SettableFlagNames})] Flags that can be set");
        writer.Raw("* OK [UIDVALIDITY "u8).Number(selected.Folder.UidValidity).Text("] UIDs stay valid").Line();
        writer.Raw("* OK [UIDNEXT "u8).Number(selected.UidNext).Text("] Next UID").Line();
        selected.TellHighestModSeq(writer);
        writer.Untagged($"OK [MAILBOXID ({selected.Folder.MailboxId})] It keeps this when it is renamed");
        if (rev2)
        {
            // RFC 9051 section 6.3.2: the name as the server writes it.
            writer.Raw("* LIST () \"/\" "u8).Mailbox(selected.Folder.Name).Line();
        }
    }
}
