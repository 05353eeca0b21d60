using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>REPLACE, RFC 8508.</summary>
public sealed class ReplaceTests
{
    [Fact]
    public async Task The_new_message_is_there_and_the_old_one_gone()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a REPLACE 2 INBOX (\Draft) {4}
            S: + Send the message
            C: a: 1
            S: * OK [APPENDUID ... 4] Message stored
            S: * 2 EXPUNGE
            S: * 3 EXISTS
            S: * 3 RECENT
            S: a OK Message replaced
            C: b UID REPLACE 4 Drafts {4+}
            C: a: 2
            S: * OK [APPENDUID ... 1] Message stored
            S: * 3 EXPUNGE
            S: b OK Message replaced
            """);
        (await other.DoAsync("UID SEARCH ALL"))[0].ShouldBe("* SEARCH 1 3");
    }

    [Fact]
    public async Task What_cannot_be_replaced_is_told_before_the_message_is_sent()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a REPLACE 1 INBOX {4+}
            C: a: 1
            S: a BAD Select a mailbox first
            """);
        await client.DoAsync("SELECT INBOX");
        await client.PlayAsync(
            """
            C: b REPLACE 2 INBOX {4}
            S: b NO [NONEXISTENT] There is no such message
            C: c UID REPLACE 9 INBOX {4+}
            C: a: 1
            S: c NO [NONEXISTENT] There is no such message
            C: d REPLACE 1 nowhere {4}
            S: d NO [TRYCREATE] There is no such mailbox
            C: e REPLACE 1:2 INBOX {4+}
            C: a: 1
            S: e BAD One message is wanted, not a set ...
            C: f REPLACE 1 INBOX {4+}
            C: a: 1 {4+}
            C: a: 2
            S: f BAD One message only
            """);
        await client.DoAsync("EXAMINE INBOX");
        (await client.TryAsync("REPLACE 1 INBOX {4+}\r\na: 1")).End.ShouldStartWith("NO [CANNOT] The mailbox is open read-only");
        (await client.DoAsync("UID SEARCH ALL"))[0].ShouldBe("* SEARCH 1");
    }

    [Fact]
    public async Task Of_two_who_replace_the_same_message_only_one_succeeds()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("REPLACE 1 INBOX {4+}\r\na: 1");
        (await client.TryAsync("UID REPLACE 1 INBOX {4+}\r\na: 2")).End.ShouldStartWith("NO");
        (await client.DoAsync("STATUS Inbox (MESSAGES)"))[0].ShouldBe("* STATUS \"INBOX\" (MESSAGES 1)");
    }
}
