using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class FetchTests
{
    [Fact]
    public async Task Envelope_and_size_come_from_the_header()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await server.DeliverAsync(Mail.Crlf(
            """
            From: "Bob \"B\" Bell" <bob@example.com>
            To: ann@example.com, Team: x@example.com, y@example.com;
            Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=
            Date: Tue, 14 Nov 2023 22:13:20 +0000
            Message-ID: <1@example.com>
            In-Reply-To: <0@example.com>

            Hello.

            """));
        await client.DoAsync("SELECT INBOX");
        await client.PlayAsync(
            """
            C: a FETCH 1 ENVELOPE
            S: * 1 FETCH (ENVELOPE ("Tue, 14 Nov 2023 22:13:20 +0000" "=?utf-8?q?Gr=C3=B6=C3=9Fe?=" (("Bob \"B\" Bell" NIL "bob" "example.com")) (("Bob \"B\" Bell" NIL "bob" "example.com")) (("Bob \"B\" Bell" NIL "bob" "example.com")) ((NIL NIL "ann" "example.com")(NIL NIL "Team" NIL)(NIL NIL "x" "example.com")(NIL NIL "y" "example.com")(NIL NIL NIL NIL)) NIL NIL "<0@example.com>" "<1@example.com>"))
            S: a OK Messages fetched
            """);
    }

    [Fact]
    public async Task The_structure_of_a_voice_message_is_golden()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await server.DeliverAsync(Mail.Voice());
        await client.DoAsync("SELECT INBOX");
        await client.PlayAsync(
            """
            C: a FETCH 1 BODYSTRUCTURE
            S: * 1 FETCH (BODYSTRUCTURE ((("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 25 0 NIL NIL NIL NIL)("text" "html" ("charset" "utf-8") NIL NIL "quoted-printable" 32 0 NIL NIL NIL NIL) "alternative" ("boundary" "inner") NIL NIL NIL)("audio" "mpeg" ("name" "voice.mp3") "<audio@example.com>" NIL "base64" 26 NIL ("attachment" ("filename" "voice.mp3")) NIL NIL) "mixed" ("boundary" "outer") NIL NIL NIL))
            S: a OK Messages fetched
            C: b FETCH 1 BODY
            S: * 1 FETCH (BODY ((("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 25 0)("text" "html" ("charset" "utf-8") NIL NIL "quoted-printable" 32 0) "alternative")("audio" "mpeg" ("name" "voice.mp3") "<audio@example.com>" NIL "base64" 26) "mixed"))
            S: b OK Messages fetched
            """);
    }

    [Fact]
    public async Task A_message_in_a_message_shows_its_envelope_and_structure()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await server.DeliverAsync(Mail.Forwarded());
        await client.DoAsync("SELECT INBOX");
        var line = (await client.DoAsync("FETCH 1 BODYSTRUCTURE")).Single();
        line.ShouldContain("(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" ");
        line.ShouldContain("(NIL \"inner\" ((NIL NIL \"carol\" \"example.com\"))");
        await client.PlayAsync(
            """
            C: a FETCH 1 (BODY.PEEK[2.HEADER.FIELDS (SUBJECT)] BODY.PEEK[2.TEXT] BODY.PEEK[2.1] BODY.PEEK[1.MIME] BODY.PEEK[2.1.MIME] BODY.PEEK[3])
            S: * 1 FETCH (BODY[2.HEADER.FIELDS (SUBJECT)] {18}
            S: Subject: inner
            S:
            S:  BODY[2.TEXT] {11}
            S: Inner text. BODY[2.1] {11}
            S: Inner text. BODY[1.MIME] {28}
            S: Content-Type: text/plain
            S:
            S:  BODY[2.1.MIME] {64}
            S: From: carol@example.com
            S: To: bob@example.com
            S: Subject: inner
            S:
            S:  BODY[3] NIL)
            S: a OK Messages fetched
            """);
    }

    [Fact]
    public async Task Sections_and_parts_of_them_are_the_right_bytes()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await server.DeliverAsync(Mail.Voice());
        await client.DoAsync("SELECT INBOX");
        await client.PlayAsync(
            """
            C: a FETCH 1 BODY.PEEK[1.1]
            S: * 1 FETCH (BODY[1.1] {25}
            S: You have a voice message.)
            S: a OK Messages fetched
            C: b FETCH 1 BODY.PEEK[2]<3.5>
            S: * 1 FETCH (BODY[2]<3> {5}
            S: QxAAA)
            S: b OK Messages fetched
            C: c FETCH 1 BODY.PEEK[2]<1000.5>
            S: * 1 FETCH (BODY[2]<1000> {0}
            S: )
            S: c OK Messages fetched
            C: d FETCH 1 BODY.PEEK[HEADER.FIELDS (subject X-NONE content-class)]
            S: * 1 FETCH (BODY[HEADER.FIELDS (subject X-NONE content-class)] {62}
            S: Subject: Voice message from Jane Doe
            S: Content-Class: voice
            S:
            S: )
            S: d OK Messages fetched
            C: e FETCH 1 BODY.PEEK[2.MIME]<0.13>
            S: * 1 FETCH (BODY[2.MIME]<0> {13}
            S: Content-Type:)
            S: e OK Messages fetched
            """);
    }

    [Fact]
    public async Task Reading_a_body_sets_Seen_and_tells_it()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a FETCH 1 BODY.PEEK[TEXT]
            S: * 1 FETCH (BODY[TEXT] {8}
            S: Hello.
            S: )
            S: a OK Messages fetched
            C: b FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS (\Recent))
            S: b OK Messages fetched
            C: c FETCH 1 RFC822.TEXT
            S: * 1 FETCH (RFC822.TEXT {8}
            S: Hello.
            S:  FLAGS (\Seen \Recent))
            S: c OK Messages fetched
            C: d FETCH 1 BODY[TEXT]
            S: * 1 FETCH (BODY[TEXT] {8}
            S: Hello.
            S: )
            S: d OK Messages fetched
            C: e UID FETCH 2 (FLAGS BODY[TEXT]<0.2>)
            S: * 2 FETCH (UID 2 FLAGS (\Seen \Recent) BODY[TEXT]<0> {2}
            S: He)
            S: e OK Messages fetched
            """);
    }

    [Fact]
    public async Task The_older_names_are_answered_as_they_were_asked()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        var whole = await client.DoAsync("FETCH 1 RFC822");
        whole[0].ShouldStartWith("* 1 FETCH (RFC822 {");
        (await client.DoAsync("FETCH 1 RFC822.HEADER"))[0].ShouldStartWith("* 1 FETCH (RFC822.HEADER {");
        (await client.DoAsync("FETCH 1 RFC822.SIZE")).Single().ShouldMatch(@"^\* 1 FETCH \(RFC822\.SIZE \d+\)$");
        (await client.DoAsync("FETCH 1 FAST")).Single().ShouldMatch("^\\* 1 FETCH \\(FLAGS \\(.*\\) INTERNALDATE \"[ 0-9]\\d-\\w{3}-\\d{4} [0-9:]{8} [+-]\\d{4}\" RFC822\\.SIZE \\d+\\)$");
    }

    [Fact]
    public async Task Numbers_beyond_the_last_are_bad_and_UIDs_are_not()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a FETCH 3 FLAGS
            S: a BAD There is no message with such a sequence number
            C: b UID FETCH 3:9 FLAGS
            S: b OK Messages fetched
            C: c UID FETCH 9:* (FLAGS)
            S: * 2 FETCH (UID 2 FLAGS (\Recent))
            S: c OK Messages fetched
            C: d FETCH * UID
            S: * 2 FETCH (UID 2)
            S: d OK Messages fetched
            C: e FETCH 1 NONSENSE
            S: e BAD Unknown FETCH item (at byte 19)
            """);
    }

    [Fact]
    public async Task No_EXPUNGE_is_told_under_FETCH_and_gone_messages_are_passed_over()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 1 +FLAGS (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        await server.DeliverAsync(Mail.Simple("4"));
        var (lines, end) = await client.TryAsync("FETCH 1:3 (UID RFC822.SIZE)");
        lines.ShouldNotContain(l => l.Contains("EXPUNGE"));
        lines.ShouldContain(l => l.StartsWith("* 2 FETCH (UID 2 "));
        end.ShouldStartWith("NO [EXPUNGEISSUED]");
        var told = await client.DoAsync("NOOP");
        told.ShouldContain("* 1 EXPUNGE");
        (await client.DoAsync("FETCH 1:* UID")).ShouldBe(["* 1 FETCH (UID 2)", "* 2 FETCH (UID 3)", "* 3 FETCH (UID 4)"]);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_holds_back_the_server()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var message = Mail.Simple("large", new string('x', 900) + "\r\n" + string.Concat(Enumerable.Repeat(new string('y', 998) + "\r\n", 3000)));
        await client.AppendAsync("INBOX", message);
        await client.DoAsync("SELECT INBOX");
        await client.SendAsync("a FETCH 1 BODY.PEEK[]\r\n");
        await Task.Delay(100);
        client.Unread.ShouldBeLessThan(400_000);
        (await client.ReadLineAsync()).ShouldBe($"* 1 FETCH (BODY[] {{{message.Length}}}");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off()
    {
        var time = new TestKit.ManualTime();
        await using var server = await ImapServer.StartAsync(time: time);
        var client = await server.ConnectAsAnnAsync();
        await client.AppendAsync("INBOX", Mail.Simple("large", string.Concat(Enumerable.Repeat(new string('y', 998) + "\r\n", 1500))));
        await client.DoAsync("SELECT INBOX");
        await client.SendAsync("a FETCH 1 BODY.PEEK[]\r\n");
        await Task.Delay(100);
        client.Serving.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(2));
        await client.Serving.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_damaged_message_is_refused_and_the_others_are_served()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1);
        await using var _ = server;
        var healthy = Directory.GetFiles(server.DataDirectory, "*", SearchOption.AllDirectories).ToHashSet(StringComparer.Ordinal);
        await server.DeliverAsync(Mail.Simple("damaged", "A text of its own."));
        var blob = Directory.GetFiles(Path.Combine(server.DataDirectory, "blobs"), "*", SearchOption.AllDirectories).Single(f => !healthy.Contains(f));
        var length = new FileInfo(blob).Length;
        File.Delete(blob);
        await File.WriteAllBytesAsync(blob, new byte[length]);
        await client.DoAsync("SELECT INBOX");
        (await client.TryAsync("FETCH 2 (UID BODY.PEEK[])")).ShouldSatisfyAllConditions(
            answer => answer.End.ShouldStartWith("NO [CORRUPTION]"),
            answer => answer.Lines.ShouldBeEmpty());
        await server.DeliverAsync(Mail.Simple("behind"));
        await client.DoAsync("NOOP");
        var (lines, end) = await client.TryAsync("UID FETCH 1:* BODY.PEEK[]");
        end.ShouldStartWith("NO [CORRUPTION]");
        lines.ShouldContain(l => l.StartsWith("* 3 FETCH (UID 3 BODY[]"));
        lines.ShouldNotContain(l => l.StartsWith("* 2 FETCH"));
        (await client.DoAsync("FETCH 2 UID")).ShouldBe(["* 2 FETCH (UID 2)"]);
    }
}
