using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>What the dialler of a stock Android telephone says to a visual voicemail server (OMTP VVM 1.3 over IMAP), in its order and its words.</summary>
public sealed class VisualVoicemailTests
{
    [Fact]
    public async Task A_dialler_synchronizes_fetches_marks_and_deletes()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Voice());
        await server.DeliverAsync(Mail.Voice());
        await server.Connect().PlayAsync(
            $$"""
            S: * OK ...
            C: 1 CAPABILITY
            S: * CAPABILITY ...
            S: 1 OK ...
            C: 2 LOGIN ann "{{ImapServer.Password}}"
            S: 2 OK ...
            C: 3 SELECT "INBOX"
            S: * FLAGS ...
            S: * 2 EXISTS
            S: * 2 RECENT
            S: * OK [UNSEEN 1] ...
            S: * OK [PERMANENTFLAGS ...
            S: * OK [UIDVALIDITY ...
            S: * OK [UIDNEXT 3] ...
            S: * OK [HIGHESTMODSEQ ...
            S: * OK [MAILBOXID ...
            S: 3 OK [READ-WRITE] ...
            C: 4 UID SEARCH 1:* NOT DELETED
            S: * SEARCH 1 2
            S: 4 OK ...
            C: 5 UID FETCH 1,2 (UID FLAGS BODYSTRUCTURE)
            S: * 1 FETCH (UID 1 FLAGS (\Recent) BODYSTRUCTURE (...("audio" "mpeg"...
            S: * 2 FETCH (UID 2 FLAGS (\Recent) BODYSTRUCTURE (...("audio" "mpeg"...
            S: 5 OK ...
            C: 6 UID FETCH 1 (UID BODY.PEEK[2])
            S: * 1 FETCH (UID 1 BODY[2] {26}
            S: //uQxAAAAAAA
            S: //uQxAAAAAAA)
            S: 6 OK ...
            C: 7 UID STORE 1 +FLAGS.SILENT (\SEEN)
            S: 7 OK ...
            C: 8 UID STORE 2 +FLAGS.SILENT (\DELETED)
            S: 8 OK ...
            C: 9 EXPUNGE
            S: * 2 EXPUNGE
            S: 9 OK ...
            C: 10 XCLOSE_NUT
            S: 10 OK ...
            C: 11 XCHANGE_VM_LANG LANG=6
            S: 11 NO invalid language
            C: 12 GETQUOTAROOT "INBOX"
            S: * QUOTAROOT "INBOX"
            S: 12 OK ...
            C: 13 LOGOUT
            S: * BYE ...
            S: 13 OK ...
            """);
    }

    [Theory]
    [InlineData(PinChangeOutcome.Changed, "OK password changed")]
    [InlineData(PinChangeOutcome.OldPinWrong, "NO old password mismatch")]
    [InlineData(PinChangeOutcome.TooShort, "NO password too short")]
    [InlineData(PinChangeOutcome.TooLong, "NO password too long")]
    [InlineData(PinChangeOutcome.TooWeak, "NO password too weak")]
    [InlineData(PinChangeOutcome.InvalidCharacters, "NO password contains invalid characters")]
    [InlineData(PinChangeOutcome.Locked, "NO [UNAVAILABLE] too many wrong passwords, try again later")]
    public async Task The_PIN_is_changed_or_refused_in_words_the_dialler_compares(PinChangeOutcome outcome, string answer)
    {
        PinChange? asked = null;
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with
        {
            ChangePin = (change, _) =>
            {
                asked = change;
                return Task.FromResult(outcome);
            },
        });
        var client = await server.ConnectAsAnnAsync();
        (await client.TryAsync("XCHANGE_TUI_PWD PWD=48291376 OLD_PWD=135790")).End.ShouldBe(answer);
        (asked!.Account.UserName, asked.NewPin, asked.OldPin).ShouldBe(("ann", "48291376", "135790"));
    }

    [Theory]
    [InlineData("XCHANGE_TUI_PWD", "BAD")]
    [InlineData("XCHANGE_TUI_PWD PWD=1", "BAD")]
    [InlineData("XCHANGE_TUI_PWD OLD_PWD=1 PWD=2", "BAD")]
    [InlineData("XCHANGE_TUI_PWD PWD=1 OLD_PWD=2 x", "BAD")]
    [InlineData("XCHANGE_VM_LANG LANG=x", "BAD")]
    [InlineData("XCLOSE_NUT now", "BAD")]
    public async Task What_is_no_command_of_the_profile_is_refused(string command, string answer)
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { ChangePin = (_, _) => Task.FromResult(PinChangeOutcome.Changed) });
        var client = await server.ConnectAsAnnAsync();
        (await client.TryAsync(command)).End.ShouldStartWith(answer);
    }

    [Fact]
    public async Task Without_telephones_there_is_no_PIN_to_change()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        (await client.TryAsync("XCHANGE_TUI_PWD PWD=48291376 OLD_PWD=135790")).End.ShouldStartWith("NO [CANNOT]");
    }
}
