using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>DELETEACL, RFC 4314 section 3.2: takes all rights away.</summary>
internal static class DeleteAcl
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        return RightsArguments.TryParse(ref reader, withRights: false, out var arguments)
            ? await SetAcl.ChangeAsync(session, arguments with { Change = static _ => FolderRights.None }, ct)
            : CommandResult.Bad(reader);
    }
}
