using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>SELECT, RFC 3501 6.3.1; EXAMINE shares its work.</summary>
internal static class Select
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct) =>
        OpenAsync(session, call, readOnly: false, ct);

    public static async Task<CommandResult> OpenAsync(ImapSession session, CommandCall call, bool readOnly, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        // Whatever comes of it, the folder selected before is left (RFC 3501 6.3.1).
        session.LeaveFolder();
        var snapshot = await session.Mailbox.OpenFolderAsync(name, readOnly, ct);
        var selected = new SelectedFolder(session.Mailbox, snapshot, readOnly);
        session.SelectFolder(selected);

        // A change between the snapshot and the watching would be missed without one more look at the first chance.
        selected.MarkChanged();
        Describe(session.Writer, selected);
        return readOnly ? CommandResult.Ok("Mailbox open, read-only", "READ-ONLY") : CommandResult.Ok("Mailbox open", "READ-WRITE");
    }

    private static void Describe(ResponseWriter writer, SelectedFolder selected)
    {
        writer.Untagged($"FLAGS ({selected.FlagNames})");
        writer.Raw("* "u8).Number(selected.Rows.Count).Text(" EXISTS").Line();
        writer.Raw("* "u8).Number(selected.Recent).Text(" RECENT").Line();
        if (FirstUnseen(selected) is var unseen and > 0)
        {
            writer.Raw("* OK [UNSEEN "u8).Number(unseen).Text("] First message not seen").Line();
        }

        writer.Untagged(selected.ReadOnly
            ? "OK [PERMANENTFLAGS ()] No flags can be set"
            : $"OK [PERMANENTFLAGS ({selected.FlagNames} \\*)] Flags that can be set");
        writer.Raw("* OK [UIDVALIDITY "u8).Number(selected.Folder.UidValidity).Text("] UIDs stay valid").Line();
        writer.Raw("* OK [UIDNEXT "u8).Number(selected.UidNext).Text("] Next UID").Line();
    }

    private static int FirstUnseen(SelectedFolder selected)
    {
        for (var i = 0; i < selected.Rows.Count; i++)
        {
            if (!selected.Rows[i].Flags.Has(SystemFlags.Seen))
            {
                return i + 1;
            }
        }

        return 0;
    }
}
