using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>PREVIEW, RFC 8970.</summary>
public sealed class PreviewTests
{
    [Fact]
    public async Task The_first_words_are_told_lazily_or_not()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Voice());
        await server.DeliverAsync(Mail.Crlf("Subject: x\nContent-Type: audio/wav\n\nRIFF"));
        await server.DeliverAsync(Mail.Crlf("Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n"));
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a FETCH 1 PREVIEW
            S: * 1 FETCH (PREVIEW "You have a voice message.")
            S: a OK ...
            C: b UID FETCH 1:2 (PREVIEW (LAZY) UID)
            S: * 1 FETCH (PREVIEW "You have a voice message." UID 1)
            S: * 2 FETCH (PREVIEW "" UID 2)
            S: b OK ...
            """);
        (await client.DoAsync("FETCH 3 PREVIEW (LAZY)")).ShouldBe(["* 3 FETCH (PREVIEW {7}", "Gr\u00c3\u00bc\u00c3\u009fe)"]);
        await client.PlayAsync(
            """
            C: d FETCH 1 (PREVIEW (EAGER))
            S: d BAD ...
            C: e FETCH 1 PREVIEW (CHANGEDSINCE 0)
            S: * OK [HIGHESTMODSEQ ...] ...
            S: * 1 FETCH (PREVIEW "You have a voice message." MODSEQ (...))
            S: e OK ...
            C: f FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS (\Recent) MODSEQ (...))
            S: f OK ...
            """);
    }

    [Fact]
    public async Task With_UTF8_it_is_a_quoted_string()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Crlf("Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\ncaf\u00c3\u00a9\n"));
        var client = await server.ConnectAsAnnAsync();
        await client.DoAsync("ENABLE IMAP4rev2");
        await client.DoAsync("SELECT INBOX");
        (await client.DoAsync("FETCH 1 PREVIEW"))[0].ShouldBe("* 1 FETCH (PREVIEW \"caf\u00c3\u00a9\")");
    }
}
