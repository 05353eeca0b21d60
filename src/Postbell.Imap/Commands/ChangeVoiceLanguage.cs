using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>XCHANGE_VM_LANG of the visual voicemail profile (OMTP VVM 1.3): the language is that of the dial plan, so every wish is refused in the words of the profile.</summary>
internal static class ChangeVoiceLanguage
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        var known = reader.Space() && (reader.TakeText("LANG="u8) || reader.Fail(ParseFailure.StringExpected)) && reader.Number(out _) && reader.End();
        return Task.FromResult(known ? CommandResult.No(null, "invalid language") : CommandResult.Bad(reader));
    }
}
