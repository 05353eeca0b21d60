using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>LIST, RFC 3501 6.3.8, with CHILDREN (RFC 3348) and SPECIAL-USE (RFC 6154).</summary>
internal static class List
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!ListRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        if (request.Pattern.Length == 0)
        {
            Write(session.Writer, "LIST", "\\Noselect", "");
            return CommandResult.Ok("Separator told");
        }

        foreach (var folder in await session.Mailbox.ListFoldersAsync(ct))
        {
            if (request.Matches(folder.Name) && (!request.SpecialUseOnly || folder.Use != FolderUse.None))
            {
                Write(session.Writer, "LIST", Attributes(folder), folder.Name);
                await session.Connection.FlushIfManyAsync();
            }
        }

        return CommandResult.Ok("Mailboxes listed");
    }

    public static void Write(ResponseWriter writer, string response, string attributes, string name) =>
        writer.Raw("* "u8).Text(response).Text(" (").Text(attributes).Text(") \"/\" ").Mailbox(name).Line();

    private static string Attributes(MailFolder folder)
    {
        var use = folder.Use switch
        {
            FolderUse.Sent => " \\Sent",
            FolderUse.Drafts => " \\Drafts",
            FolderUse.Trash => " \\Trash",
            FolderUse.Junk => " \\Junk",
            FolderUse.Archive => " \\Archive",
            _ => "",
        };
        return (folder.Selectable ? "" : "\\Noselect ") + (folder.HasChildren ? "\\HasChildren" : "\\HasNoChildren") + use;
    }
}
