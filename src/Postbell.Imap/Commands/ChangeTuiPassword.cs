using System.Text;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>
/// XCHANGE_TUI_PWD of the visual voicemail profile (OMTP VVM 1.3): <c>PWD=new OLD_PWD=old</c> sets the PIN of the telephone. Diallers compare the texts of the
/// refusals letter by letter.
/// </summary>
internal static class ChangeTuiPassword
{
    private const int LongestPin = 100;

    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        if (session.Services.Options.ChangePin is not { } change)
        {
            return CommandResult.No("CANNOT", "The PIN cannot be changed here");
        }

        var reader = call.Arguments();
        if (!TryRead(ref reader, out var newPin, out var oldPin))
        {
            return CommandResult.Bad(reader);
        }

        return await change(new PinChange(session.Account, oldPin, newPin, session.Connection.Remote), ct) switch
        {
            PinChangeOutcome.Changed => CommandResult.Ok("password changed"),
            PinChangeOutcome.OldPinWrong => CommandResult.No(null, "old password mismatch"),
            PinChangeOutcome.TooShort => CommandResult.No(null, "password too short"),
            PinChangeOutcome.TooLong => CommandResult.No(null, "password too long"),
            PinChangeOutcome.TooWeak => CommandResult.No(null, "password too weak"),
            PinChangeOutcome.InvalidCharacters => CommandResult.No(null, "password contains invalid characters"),
            _ => CommandResult.No("UNAVAILABLE", "too many wrong passwords, try again later"),
        };
    }

    private static bool TryRead(ref CommandReader reader, out string newPin, out string oldPin)
    {
        (newPin, oldPin) = ("", "");
        return reader.Space() && (reader.TakeText("PWD="u8) || reader.Fail(ParseFailure.StringExpected)) && Pin(ref reader, out newPin)
            && reader.Space() && (reader.TakeText("OLD_PWD="u8) || reader.Fail(ParseFailure.StringExpected)) && Pin(ref reader, out oldPin) && reader.End();
    }

    private static bool Pin(ref CommandReader reader, out string pin)
    {
        pin = "";
        if (!reader.AString(out var bytes))
        {
            return false;
        }

        pin = Encoding.Latin1.GetString(bytes);
        return bytes.Length <= LongestPin || reader.Fail(ParseFailure.StringExpected);
    }
}
