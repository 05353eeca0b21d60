using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>NAMESPACE, RFC 2342: the personal namespace without prefix, those of colleagues and of teams.</summary>
internal static class Namespace
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        session.Writer.Untagged($"NAMESPACE ((\"\" \"/\")) ((\"{MailPlaces.OtherUsers}/\" \"/\")) ((\"{MailPlaces.SharedFolders}/\" \"/\"))");
        return Task.FromResult(CommandResult.Ok("Namespaces told"));
    }
}
