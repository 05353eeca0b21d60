using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>XCLOSE_NUT of the visual voicemail profile (OMTP VVM 1.3): the tutorial for new people is over. There is none here, so it always is.</summary>
internal static class CloseNewUserTutorial
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        return Task.FromResult(reader.End() ? CommandResult.Ok("tutorial closed") : CommandResult.Bad(reader));
    }
}
