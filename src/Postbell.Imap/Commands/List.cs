using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>LIST, RFC 3501 6.3.8 and RFC 5258, with CHILDREN (RFC 3348), SPECIAL-USE (RFC 6154) and STATUS (RFC 5819).</summary>
internal static class List
{
    /// <summary>Folders whose STATUS is read in one go.</summary>
    private const int Batch = 32;

    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!ListRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        if (request.AsksForSeparator)
        {
            Write(session.Writer, "LIST", "\\Noselect", "");
            return CommandResult.Ok("Separator told");
        }

        var shared = await session.Places.ListAsync(ct);
        var names = new ListedNames(
            request, [.. await session.Mailbox.ListFoldersAsync(ct), .. shared.Select(static s => s.Folder)], await SubscriptionsAsync(session, request, ct));
        var withStatus = new List<MailFolder>();
        foreach (var (name, folder, parentOfSelected) in names.Select())
        {
            session.Writer.Raw("* LIST ("u8).Text(names.Attributes(name, folder)).Raw(") \"/\" "u8).Mailbox(name);
            session.Writer.Text(parentOfSelected ? $" (\"CHILDINFO\" ({names.ChildInfo}))" : "").Line();
            if (folder is { Selectable: true } && request.Return.HasFlag(ListReturn.Status))
            {
                withStatus.Add(folder);
            }

            await session.Connection.FlushIfManyAsync();
        }

        var foreign = shared.Where(static s => s.Shared is not null).ToDictionary(static s => s.Folder.Name, static s => s.Shared!, StringComparer.Ordinal);
        foreach (var batch in withStatus.Where(folder => !foreign.ContainsKey(folder.Name)).Chunk(Batch))
        {
            await WriteStatusesAsync(session, batch, request.Status, ct);
        }

        foreach (var folder in withStatus.Where(folder => foreign.TryGetValue(folder.Name, out var of) && of.Rights.HasFlag(FolderRights.Read)))
        {
            var place = await session.Places.FindAsync(folder.Name, ct);
            Status.Write(session, await place.View.ReadStatusAsync(place.Name, ct) with { Folder = folder }, request.Status);
            await session.Connection.FlushIfManyAsync();
        }

        return CommandResult.Ok("Mailboxes listed");
    }

    /// <summary>Writes <c>* LIST (attributes) "/" name</c>, with the name before where it was renamed (RFC 9051 section 6.3.9.7).</summary>
    public static void Write(ResponseWriter writer, string response, string attributes, string name, string? before = null)
    {
        writer.Raw("* "u8).Text(response).Text(" (").Text(attributes).Text(") \"/\" ").Mailbox(name);
        if (before is not null)
        {
            writer.Raw(" (\"OLDNAME\" ("u8).Mailbox(before).Raw("))"u8);
        }

        writer.Line();
    }

    /// <summary>Names of folders that are not there matter to SUBSCRIBED alone.</summary>
    private static async Task<IReadOnlyList<string>> SubscriptionsAsync(ImapSession session, ListRequest request, CancellationToken ct) =>
        request.Selection.HasFlag(ListSelection.Subscribed) ? await session.Mailbox.ListSubscriptionsAsync(ct) : [];

    private static async Task WriteStatusesAsync(ImapSession session, MailFolder[] folders, StatusItems items, CancellationToken ct)
    {
        foreach (var status in await session.Mailbox.ReadStatusesAsync([.. folders.Select(f => f.Id)], ct))
        {
            Status.Write(session, status, items);
            await session.Connection.FlushIfManyAsync();
        }
    }
}
