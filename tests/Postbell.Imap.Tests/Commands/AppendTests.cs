using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class AppendTests
{
    [Fact]
    public async Task The_message_keeps_its_flags_and_date_and_its_UID_is_told()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a APPEND INBOX (\Seen $Label) "17-Jul-1996 02:44:25 -0700" {22}
            S: + Send the message
            C: Subject: x
            C: 
            C: 12345678
            S: * 1 EXISTS
            S: * 1 RECENT
            S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Label)
            S: * OK [PERMANENTFLAGS ...] ...
            S: a OK [APPENDUID ... 1] Message stored
            C: b FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE)
            S: * 1 FETCH (UID 1 FLAGS (\Seen $Label \Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 22)
            S: b OK ...
            """);
    }

    [Fact]
    public async Task A_missing_mailbox_is_told_before_the_message_is_sent()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a APPEND nowhere {1000}
            S: a NO [TRYCREATE] There is no such mailbox
            C: b APPEND nowhere {5+}
            C: hello
            S: b NO [TRYCREATE] There is no such mailbox
            C: x APPEND INBOX {0}
            S: x NO [CANNOT] An empty message cannot be stored
            C: c APPEND {5}
            S: + Go ahead
            C: Trash {5+}
            C: hello
            S: c OK [APPENDUID ...] ...
            """);
    }

    [Fact]
    public async Task Arguments_that_are_none_are_refused()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a APPEND INBOX
            S: a BAD ...
            C: b APPEND INBOX (\Recent) {3+}
            C: abc
            S: b BAD This flag cannot be set by a client (at byte 24)
            C: c APPEND INBOX "yesterday" {3+}
            C: abc
            S: c BAD A date is missing or malformed (at byte 17)
            C: d APPEND INBOX {3+}
            C: abc and more
            S: d BAD Unexpected characters after the message
            C: e APPEND INBOX (\Strange) {3+}
            C: abc
            S: e NO [CANNOT] ...
            """);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused_unsent_or_ends_the_connection()
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { Limits = new ImapLimits { MessageBytes = 1000 } });
        var client = await server.ConnectAsAnnAsync();
        await client.PlayAsync(
            """
            C: a APPEND INBOX {1001}
            S: a NO [TOOBIG] The message is too large
            C: b APPEND INBOX {1001+}
            S: * BYE [TOOBIG] ...
            """);
        (await client.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_NUL_in_a_message_is_refused()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        (await client.TryAsync("APPEND INBOX {3+}\r\na\0b")).End.ShouldStartWith("NO [CANNOT]");
    }

    [Fact]
    public async Task A_large_message_arrives_whole()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        var message = Mail.Simple("large", string.Concat(Enumerable.Range(0, 40_000).Select(i => $"line {i} of many lines of text\r\n")));
        await client.AppendAsync("INBOX", message);
        var lines = await client.DoAsync("FETCH 1 BODY.PEEK[]");
        lines[0].ShouldBe($"* 1 FETCH (BODY[] {{{message.Length}}}");
        (string.Join("\r\n", lines.Skip(1)) == message + ")").ShouldBeTrue();
    }
}
