using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>RENAME, RFC 3501 6.3.5: what is below goes along; renaming INBOX moves its messages and leaves it empty.</summary>
internal static class Rename
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var from) || !reader.Space() || !reader.Mailbox(out var to) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        await session.Mailbox.RenameFolderAsync(from, to, ct);
        return CommandResult.Ok("Mailbox renamed");
    }
}
